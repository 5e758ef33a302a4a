import Experiments
import FileFormats
import Testing

@Suite struct SweepPlanTests {
  private let workshop = Workshop()

  private func plan(_ axes: [String], random: Int? = nil) throws -> Sweep {
    try workshop.studio.planSweep(
      workshop.file(), reference: "descent", axes: axes.map { try SweepAxis($0) }, random: random)
  }

  @Test(arguments: [
    ("learningRate=1e-3,1e-4", "learningRate", ["1e-3", "1e-4"]),
    ("seed=0..3", "seed", ["0", "1", "2", "3"]),
    ("seed=-1..1,7", "seed", ["-1", "0", "1", "7"]),
    ("hidden=[256],[512, 256]", "hidden", ["[256]", "[512, 256]"]),
    ("name='a,b',\"c,d\"", "name", ["'a,b'", "\"c,d\""]),
    ("a=1,1,2", "a", ["1", "2"]), ("a=1.5..2", "a", ["1.5..2"]), ("a=b=c", "a", ["b=c"]),
  ])
  func anAxisIsAKeyWithItsValues(text: String, key: String, values: [String]) throws {
    let axis = try SweepAxis(text)
    #expect(axis.key == key)
    #expect(axis.values == values)
  }

  @Test(arguments: [
    ("seed", "a sweep takes keys with their values"), ("=1", "a sweep takes keys"),
    ("seed=", "a value is missing"), ("seed=1,,2", "a value is missing"),
    ("seed=4..0", "write 0..4"), ("seed=0..10000", "more than 10000 values"),
    ("seed=-9223372036854775808..9223372036854775807", "more than 10000 values"),
    ("a=1\u{1B}[2J", "cannot be shown"),
  ])
  func aWrongAxisIsRefused(text: String, says: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try SweepAxis(text) }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
  }

  @Test func theGridTurnsTheLastKeyFastest() throws {
    let sweep = try plan(["learningRate=0.1,0.2", "train.epochs=1", "seed=5..6"])
    #expect(sweep.keys == ["learningRate", "train.seed"])
    #expect(
      sweep.cells.map { sweep.label(of: $0) } == [
        "learningRate=0.1 train.seed=5", "learningRate=0.1 train.seed=6",
        "learningRate=0.2 train.seed=5", "learningRate=0.2 train.seed=6",
      ])
    #expect(Set(sweep.cells.map(\.run)).count == 4)
    #expect(sweep.cells.allSatisfy { $0.run.hasPrefix("descent-cell-") })
  }

  @Test func aRunIsNamedByItsConfigurationHoweverWritten() throws {
    let sweep = try plan(["learningRate=1e-1,0.1,0.2"])
    #expect(sweep.cells.count == 2)
    #expect(try plan(["learningRate=0.1"]).cells[0].run == sweep.cells[0].run)
    // 0.1 is the default.
    #expect(try plan(["train.keep=2"]).cells[0].run == sweep.cells[0].run)
    #expect(try plan(["learningRate=0.2,0.1"]).name != sweep.name)
    #expect(try plan(["learningRate=1e-1,0.1,0.2"]).name == sweep.name)
  }

  @Test func aGreaterDrawAddsToASmallerOne() throws {
    let axes = ["learningRate=0.1,0.2,0.3", "seed=0..9"]
    let few = try plan(axes, random: 4).cells
    #expect(few.count == 4)
    #expect(try Array(plan(axes, random: 9).cells.prefix(4)) == few)
    let all = try plan(axes, random: 1000).cells
    #expect(Set(all) == Set(try plan(axes).cells))
  }

  @Test(arguments: [
    (["learningRat=0.1,0.2"], "learningRate"), (["learningRate=0.1,2"], "'learningRate' must be"),
    (["seed=1", "train.seed=2"], "given twice"),
    (["seed=0..9999", "learningRate=0.1,0.2"], "a sweep of 20000 runs"),
    (["seed=0..9999", "stepsPerEpoch=1..100", "learningRate=0.1,0.2"], "more than 1000000"),
  ])
  func aWrongSweepIsRefusedBeforeAnythingRuns(axes: [String], says: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try plan(axes) }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    #expect(Files.kind(of: workshop.outputs) == nil)
  }
}
