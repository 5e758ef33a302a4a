import FileFormats

/// Where the time of a run went, as far as `timing.jsonl` can be read.
public struct RunTiming: Sendable {
  /// One line of the log.
  struct Entry {
    let session: Int
    let kind: TimingLog.Kind
    let step: Int
    let seconds: Double
    let samplesPerSecond: Double?
  }

  /// What one process of the run spent.
  public struct Session: Sendable {
    /// Counted from 1.
    public let number: Int
    /// The last step that was timed.
    public fileprivate(set) var step = 0
    /// From the beginning of training to then, everything included.
    public fileprivate(set) var seconds = 0.0
    /// Seconds in evaluations, in exports of pictures and in checkpoints.
    public fileprivate(set) var evaluation = 0.0, export = 0.0, checkpoint = 0.0
    /// Samples a second from the beginning to that step.
    public fileprivate(set) var samplesPerSecond: Double?
  }

  let entries: [Entry]

  /// Reads the clock times of a run; damaged lines are passed over.
  public init(of folder: RunFolder) {
    let bytes = (try? Files.read(folder.timing, limit: MetricsLog.greatestSize)) ?? []
    entries = bytes.split(separator: UInt8(ascii: "\n")).compactMap(Self.entry)
  }

  private static func entry(_ line: ArraySlice<UInt8>) -> Entry? {
    guard line.count <= 1 << 16, let json = try? JSON.decode(Array(line), path: ""),
      let session = json["session"]?.integerValue, session >= 1,
      let kind = json["kind"]?.stringValue.flatMap(TimingLog.Kind.init(rawValue:)),
      let step = json["step"]?.integerValue, step >= 0,
      let seconds = json["seconds"]?.doubleValue, seconds >= 0
    else { return nil }
    return Entry(
      session: session, kind: kind, step: step, seconds: seconds,
      samplesPerSecond: json["samplesPerSecond"]?.doubleValue)
  }

  /// The processes of the run, in their order.
  public var sessions: [Session] {
    var sessions: [Session] = []
    for entry in entries {
      if sessions.last?.number != entry.session { sessions.append(Session(number: entry.session)) }
      let last = sessions.count - 1
      switch entry.kind {
      case .train:
        sessions[last].step = entry.step
        sessions[last].seconds = entry.seconds
        sessions[last].samplesPerSecond = entry.samplesPerSecond
      case .evaluation: sessions[last].evaluation += entry.seconds
      case .export: sessions[last].export += entry.seconds
      case .checkpoint: sessions[last].checkpoint += entry.seconds
      }
    }
    return sessions
  }

  /// Seconds a step takes at present: over the last timed steps of the last session, twenty lines
  /// at most; nil before there are two lines.
  var secondsPerStep: Double? {
    let recent = entries.suffix(64).filter {
      $0.kind == .train && $0.session == entries.last?.session
    }.suffix(20)
    guard let first = recent.first, let last = recent.last, last.step > first.step else {
      return nil
    }
    return (last.seconds - first.seconds) / Double(last.step - first.step)
  }

  /// Seconds at work, all sessions together, when each step was timed for the last time.
  var secondsAtWork: [(step: Int, seconds: Double)] {
    var times: [(step: Int, seconds: Double)] = []
    var (session, before, latest) = (0, 0.0, 0.0)
    for entry in entries where entry.kind == .train {
      if entry.session != session {
        (session, before) = (entry.session, latest)
      }
      latest = before + entry.seconds
      // A session that resumed repeats the steps that were lost.
      while let last = times.last, last.step >= entry.step { times.removeLast() }
      times.append((entry.step, latest))
    }
    return times
  }
}
