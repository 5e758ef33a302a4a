import Experiments
import Testing

@Suite struct ConsoleTests {
  private func terminal(
    _ isTerminal: Bool = true, columns: Int? = 80, _ variables: [String: String] = [:]
  ) -> Terminal {
    Terminal(isTerminal: isTerminal, columns: columns) { variables[$0] }
  }

  @Test(arguments: [
    (true, [:], true, true),
    (false, [:], false, false),
    (true, ["NO_COLOR": "1"], true, false),
    (true, ["NO_COLOR": ""], true, true),
    (true, ["CLICOLOR": "0"], true, false),
    (false, ["CLICOLOR_FORCE": "1"], false, true),
    (false, ["CLICOLOR_FORCE": "0"], false, false),
    (false, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false, false),
    (true, ["TERM": "dumb"], false, false),
    (true, ["CI": "true"], false, true),
    (false, ["FORCE_COLOR": "1"], false, true),
    (true, ["FORCE_COLOR": "0"], true, false),
    (true, ["FORCE_COLOR": "1", "NO_COLOR": "1"], true, false),
  ])
  func environmentDecides(
    isTerminal: Bool, variables: [String: String], isInteractive: Bool, usesColor: Bool
  ) {
    let terminal = terminal(isTerminal, variables)
    #expect(terminal.isInteractive == isInteractive)
    #expect(terminal.usesColor == usesColor)
    #expect((terminal.styled("text", .bold) == "text") == !usesColor)
  }

  @Test func theWidthIsWhatIsSaidOrMeasured() {
    #expect(terminal(columns: 120).columns == 120)
    #expect(terminal(columns: 120, ["COLUMNS": "60"]).columns == 60)
    #expect(terminal(columns: nil).columns == 80)
    #expect(terminal(columns: 120, ["COLUMNS": "-5"]).columns == 20)
    #expect(terminal(columns: 120, ["COLUMNS": "wide"]).columns == 120)
  }

  @Test func aTableIsAlignedForPeopleAndTabbedForPrograms() {
    var table = TextTable(columns: [("NAME", .left), ("STEPS", .right)])
    table.append(["a", "1"])
    table.append(["long\tname", "1,234"])
    #expect(
      table.text(for: terminal(false)) == "NAME\tSTEPS\na\t1\nlong name\t1,234\n")
    #expect(
      table.text(for: terminal(true, ["NO_COLOR": "1"]))
        == "NAME       STEPS\na              1\nlong name  1,234\n")
    table.append([String(repeating: "x", count: 200), "1"])
    let narrow = table.text(for: terminal(columns: 40, ["NO_COLOR": "1"]))
    #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 40 })
    let whole = table.text(for: terminal(columns: 40, ["NO_COLOR": "1"]), overflow: .keep)
    #expect(whole.contains(String(repeating: "x", count: 200)))
  }

  @Test func theLastColumnGoesOnBelow() {
    var table = TextTable("KEY", "MEANING")
    table.append(["a", "one two three four five six seven"])
    table.append(["bc", ""])
    let narrow = terminal(columns: 30, ["NO_COLOR": "1"])
    #expect(
      table.text(for: narrow, overflow: .wrap)
        == "KEY  MEANING\na    one two three four five\n     six seven\nbc\n")
    #expect(
      table.text(for: terminal(false), overflow: .wrap)
        == "KEY\tMEANING\na\tone two three four five six seven\nbc\t\n")
  }

  @Test func countsSayWhatTheyCount() {
    #expect(Quantity.count(1, "step") == "1 step")
    #expect(Quantity.count(0, "step") == "0 steps")
    #expect(Quantity.count(4096, "step") == "4,096 steps")
  }

  @Test(arguments: [
    (0.04, "0.0s"), (9.94, "9.9s"), (9.96, "10s"), (59.4, "59s"), (59.6, "1m 00s"), (72, "1m 12s"),
    (3599.7, "1h 00m"), (7500, "2h 05m"), (273_600, "3d 04h"), (.infinity, "?"), (.nan, "?"),
    (1e300, "?"), (-1, "0.0s"),
  ])
  func durations(seconds: Double, text: String) {
    #expect(Quantity.duration(seconds) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func counts(value: Int, text: String) {
    #expect(Quantity.count(value) == text)
  }

  @Test(arguments: [
    (0.0, "0"), (262.14, "262.1"), (-262.14, "-262.1"), (0.03125, "0.03125"), (3.14159, "3.142"),
    (12_345.6, "12346"), (1.234e-7, "1.234e-07"), (-1.234e-7, "-1.234e-07"), (1e20, "1e+20"),
    (.nan, "nan"), (.infinity, "inf"),
    (.leastNonzeroMagnitude, "4.941e-324"),
  ])
  func measures(value: Double, text: String) {
    #expect(Quantity.measure(value) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (21_286_093, "20.3 MiB"),
    (1_048_575, "1.0 MiB"), (Int.max, "8.0 EiB"),
  ])
  func sizes(value: Int, text: String) {
    #expect(Quantity.bytes(value) == text)
  }

  @Test func aLogHasPlainLinesAndATerminalOneThatIsRepainted() throws {
    let workshop = Workshop()
    let overrides = ["train.epochs=25", "train.evaluateEvery=25"]
    try workshop.begin(overrides)
    let lines = workshop.talk.split(separator: "\n")
    #expect(!workshop.talk.contains("\r") && !workshop.talk.contains("\u{1B}"))
    // One line for each five percent.
    #expect(lines.count { $0.contains("%  epoch ") } == 20)
    #expect(lines.contains { $0.hasPrefix("45%  epoch 12/25  step 45/100  loss ") })
    let screen = Workshop()
    try screen.begin(overrides, interactive: true)
    #expect(!screen.talk.contains("%  epoch "))
    #expect(screen.talk.contains("\r"))
    // What was painted is gone when the run ends.
    #expect(screen.talk.hasSuffix("\r\u{1B}[K"))
  }
}
