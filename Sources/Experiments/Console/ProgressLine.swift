/// Where a run stands, as one line of text.
struct ProgressLine: Sendable {
  /// Steps done and steps in all.
  var step: Int
  let steps: Int
  /// Epoch at work, counted from 1, and epochs in all.
  var epoch: Int
  let epochs: Int
  /// The measure to show, smoothed.
  var measure: (name: String, value: Double)?
  /// Samples a second, since this process began to train.
  var rate: Double
  /// Seconds since this process began to train, and seconds still to go.
  var elapsed: Double
  var remaining: Double

  /// The part of the work that is done, 0 to 1.
  private var fraction: Double {
    Double(step) / Double(steps)
  }

  /// How many times five percent are done.
  var twentieths: Int {
    Int(fraction * 20)
  }

  /// The line for a terminal, at most as wide as it: the bar gives way first.
  func painted(for terminal: Terminal) -> String {
    let text = words
    let room = min(terminal.columns - 1 - text.count - 2, 30)
    guard room >= 8 else { return String(text.prefix(terminal.columns - 1)) }
    let filled = Int(fraction * Double(room))
    let bar =
      terminal.styled(String(repeating: "━", count: filled), .green)
      + terminal.styled(String(repeating: "─", count: room - filled), .dim)
    return bar + "  " + text
  }

  /// The line for a log: no bar, with the part done in percent.
  var plain: String {
    "\(Int((fraction * 100).rounded()))%  " + words
  }

  private var words: String {
    var parts = [
      "epoch \(epoch)/\(epochs)", "step \(Quantity.count(step))/\(Quantity.count(steps))",
    ]
    if let measure {
      parts.append("\(measure.name) \(Quantity.measure(measure.value))")
    }
    parts.append("\(Quantity.scaled(rate)) samples/s")
    parts.append(Quantity.duration(elapsed))
    parts.append("ETA \(Quantity.duration(remaining))")
    return parts.joined(separator: "  ")
  }
}
