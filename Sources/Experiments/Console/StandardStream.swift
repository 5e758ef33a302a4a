import Glibc

// Unsafe code in this file: write(2), isatty, ioctl and getenv take and give C pointers.

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

  /// Writes text as it is. A reader that went away is not an error: what it missed is in the run's
  /// files.
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
    let columns =
      unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) : nil
    return Terminal(isTerminal: isatty(descriptor) == 1, columns: columns, variable: variable)
  }
}

/// An environment variable's value, or nil when it is not set.
public func variable(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}
