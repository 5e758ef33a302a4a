// Unsafe: the calls of the operating system that start a program and ask for its end take C strings
// and fill C structures, which all live until the call returns.

import FileFormats
import Glibc

/// A program that was started by this one, in a process group of its own: what a terminal sends to
/// this program, such as Ctrl-C, does not reach it.
public struct ChildProcess: Sendable {
  /// How a process ended.
  public enum Ending: Sendable, Hashable {
    /// By itself, with this code.
    case exit(Int32)
    /// By this signal.
    case signal(Int32)

    /// The exit code that a shell would tell.
    public var code: Int32 {
      switch self {
      case .exit(let code): code
      case .signal(let number): 128 + number
      }
    }
  }

  /// Where a child's standard output and error go.
  public enum Talk: Sendable, Hashable {
    /// Output and error both to this program's standard error.
    case shared
    /// Errors to the end of a file; the output is dropped.
    case file(String)
  }

  /// The process number.
  let identifier: pid_t

  /// Starts a program, which is looked for on PATH unless its name has a slash.
  ///
  /// - Throws: `.notFound` or `.inputOutput` when the system refuses.
  public init(_ program: String, _ arguments: [String], talk: Talk) throws(FileError) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    switch talk {
    case .shared:
      unsafe posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    case .file(let path):
      unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
      unsafe posix_spawn_file_actions_addopen(
        &actions, STDERR_FILENO, path, O_WRONLY | O_CREAT | O_APPEND, 0o666)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    // Signals that this program watches are ignored in it, which a child would inherit.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGINT, SIGTERM, SIGPIPE] { unsafe sigaddset(&signals, number) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    var words = unsafe ([program] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { for index in 0...arguments.count { unsafe free(words[index]) } }
    var identifier = pid_t()
    let code = unsafe posix_spawnp(&identifier, program, &actions, &attributes, words, environ)
    guard code == 0 else {
      let reason = unsafe String(cString: strerror(code))
      throw FileError(
        code == ENOENT ? .notFound : .inputOutput, path: program, "cannot start it: \(reason)")
    }
    self.identifier = identifier
  }

  /// How it ended; nil while it is at work. To be asked until it has ended, and not after.
  public func ending() -> Ending? {
    var status: Int32 = 0
    guard unsafe waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
    return status & 0x7F == 0 ? .exit((status >> 8) & 0xFF) : .signal(status & 0x7F)
  }

  /// Waits for its end.
  public func wait() -> Ending {
    while true {
      if let ending = ending() { return ending }
      usleep(10_000)
    }
  }

  /// Sends it a signal.
  func send(_ signal: Int32) {
    _ = kill(identifier, signal)
  }

  /// The path of this program.
  public static var thisProgram: String {
    guard let path = unsafe realpath("/proc/self/exe", nil) else { return "/proc/self/exe" }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  /// The path of the program that PATH names, or nil when it names none.
  public static func find(_ program: String) -> String? {
    (variable("PATH") ?? "").split(separator: ":").map { "\($0)/\(program)" }
      .first { unsafe access($0, X_OK) == 0 && Files.kind(of: $0) == .file }
  }
}
