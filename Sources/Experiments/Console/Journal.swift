import FileFormats
import Synchronization

/// How much of what a run says a person sees. Its log keeps all.
public enum Verbosity: Sendable, Hashable {
  /// Nothing.
  case quiet
  /// Notes and progress.
  case normal
  /// Details too.
  case verbose
}

/// What a run says: lines for the person at the terminal, kept in the run's `log.txt` too, and the
/// progress line that they share the screen with.
public final class Journal: Sendable {
  private struct State: ~Copyable {
    /// The run's log, once the run has a folder, and what was said before.
    var log: AppendFile?
    var early: [String] = []
    /// Whether the cursor stands at the end of a painted progress line.
    var isPainted = false
  }

  /// What the stream behind `write` can show.
  public let terminal: Terminal
  private let verbosity: Verbosity
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// Says everything to a stream, standard error for a command.
  public convenience init(_ stream: StandardStream = .error, verbosity: Verbosity = .normal) {
    self.init(terminal: stream.terminal, verbosity: verbosity) { stream.write($0) }
  }

  /// Says everything to standard error, in lines that begin with a name and are never repainted: for
  /// one of several programs that share a screen.
  public convenience init(speaker: String, verbosity: Verbosity) {
    let plain = Terminal(isTerminal: false, columns: nil) { _ in nil }
    self.init(terminal: plain, verbosity: verbosity) { text in
      let lines = text.split(separator: "\n").map { "\(speaker)  \($0)\n" }
      StandardStream.error.write(lines.joined())
    }
  }

  /// Says everything to `write`.
  public init(
    terminal: Terminal, verbosity: Verbosity = .normal,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.terminal = terminal
    self.verbosity = verbosity
    self.write = write
  }

  /// Says one line and keeps it in the log.
  public func note(_ line: String) {
    say(line, shown: verbosity != .quiet)
  }

  /// Keeps one line in the log; says it only to who asked for details.
  public func detail(_ line: String) {
    say(line, shown: verbosity == .verbose)
  }

  private func say(_ line: String, shown: Bool) {
    state.withLock { state in
      if shown {
        Self.clear(&state, write)
        write(line.printable(keepingLines: true) + "\n")
      }
      Self.keep(line, in: &state)
    }
  }

  /// Keeps a line in the log without saying it.
  func log(_ line: String) {
    state.withLock { Self.keep(line, in: &$0) }
  }

  /// Shows progress: repaints the line on a terminal, writes a line elsewhere.
  func show(_ progress: ProgressLine) {
    if verbosity == .quiet { return }
    state.withLock { state in
      if terminal.isInteractive {
        // CSI K erases what an earlier, longer line left behind.
        write("\r\(progress.painted(for: terminal))\u{1B}[K")
        state.isPainted = true
      } else {
        write(progress.plain + "\n")
      }
    }
  }

  /// Ends the painted line, so that what follows starts on a line of its own.
  func finishProgress() {
    state.withLock { Self.clear(&$0, write) }
  }

  /// Keeps what was said so far, and everything from now on, in a log.
  func keep(in path: String) throws(FileError) {
    try state.withLock { (state) throws(FileError) in
      state.log = try AppendFile(path)
      for entry in state.early {
        Self.write(entry, in: &state)
      }
      state.early = []
    }
  }

  private static func clear(_ state: inout State, _ write: (String) -> Void) {
    guard state.isPainted else { return }
    write("\r\u{1B}[K")
    state.isPainted = false
  }

  private static func keep(_ line: String, in state: inout State) {
    let text = line.printable(keepingLines: true).replacing("\n", with: "  ")
    let entry = "\(WallClock.text(WallClock.now))  \(text)"
    if state.log == nil {
      state.early.append(entry)
    } else {
      write(entry, in: &state)
    }
  }

  /// A log that can no longer be written ends; the run, whose results are elsewhere, goes on.
  private static func write(_ entry: String, in state: inout State) {
    do {
      try state.log?.append(line: entry)
    } catch {
      state.log = nil
    }
  }
}
