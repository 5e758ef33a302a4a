import FileFormats
import Glibc
import Synchronization

// Unsafe code in this file: open(2), write(2), strerror, ioctl and getenv take and give C pointers.

/// One of the two streams a command writes to: results to `output`, talk to `error`.
public enum StandardStream: Sendable {
  /// Standard output: data, for people and for programs.
  case output
  /// Standard error: progress, notes and messages.
  case error

  private var descriptor: Int32 {
    switch self {
    case .output: STDOUT_FILENO
    case .error: STDERR_FILENO
    }
  }

  /// The error number of the last write to `output` that failed; 0 when none did.
  private static let outputProblem = Atomic<Int32>(0)

  /// Why a result did not reach standard output, if one did not: a full disk, say. A reader that
  /// went away is not an error: what it missed is in the run's files.
  public static var outputFailure: FileError? {
    let code = outputProblem.load(ordering: .relaxed)
    guard code != 0 else { return nil }
    let reason = unsafe String(cString: strerror(code))
    return FileError(.inputOutput, path: "standard output", "cannot write: \(reason)")
  }

  /// Opens `/dev/null` for each standard stream that is closed, to read only, so that a result that
  /// is written there counts as lost. Else the next file of a run would get the stream's number, and
  /// what is said would be written into it. To be called first.
  public static func openClosed() {
    while true {
      let descriptor = unsafe open("/dev/null", O_RDONLY)
      if (STDIN_FILENO...STDERR_FILENO).contains(descriptor) { continue }
      if descriptor >= 0 { close(descriptor) }
      return
    }
  }

  /// Writes text as it is. When that fails the rest is dropped: of talk it does not matter, of
  /// results `outputFailure` tells.
  public func write(_ text: String) {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let written = unsafe bytes[start...].withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if written > 0 {
        start += written
      } else if written < 0 && errno != EINTR {
        if self == .output && errno != EPIPE {
          Self.outputProblem.store(errno, ordering: .relaxed)
        }
        return
      }
    }
  }

  /// Writes one line.
  public func writeLine(_ line: String) {
    write(line + "\n")
  }

  /// What the stream's other end can show, by asking the system and the environment.
  public var terminal: Terminal {
    var size = winsize()
    let isKnown = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    return Terminal(
      isTerminal: isatty(descriptor) == 1,
      columns: isKnown && size.ws_col > 0 ? Int(size.ws_col) : nil,
      rows: isKnown && size.ws_row > 0 ? Int(size.ws_row) : nil, variable: variable)
  }
}

/// An environment variable's value, or nil when it is not set.
public func variable(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}
