// Unsafe: the calls of the operating system that start a program take C strings and fill C
// structures, which all live until the call returns.

import Glibc

/// Another program that was started, and the lines that it writes to its standard output. Its
/// standard error is ours.
@safe final class ChildProcess {
  /// A program that could not be started, or that failed.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let name: String
  private let identifier: pid_t
  private let output: UnsafeMutablePointer<FILE>

  /// Starts a program.
  ///
  /// - Throws: `Failure` when the system refuses.
  init(_ program: String, _ arguments: [String]) throws(Failure) {
    name = ([program] + arguments).joined(separator: " ")
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0, let output = unsafe fdopen(ends[0], "r") else {
      throw Failure(description: "\(name): cannot make a pipe: error \(errno)")
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    for end in ends { unsafe posix_spawn_file_actions_addclose(&actions, end) }
    var words = unsafe ([program] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    var identifier = pid_t()
    let status = unsafe posix_spawn(&identifier, program, &actions, nil, words, environ)
    for index in 0...arguments.count { unsafe free(words[index]) }
    unsafe posix_spawn_file_actions_destroy(&actions)
    close(ends[1])
    self.identifier = identifier
    unsafe self.output = output
    if status != 0 {
      throw Failure(description: "\(name): cannot start it: error \(status)")
    }
  }

  deinit { unsafe fclose(output) }

  /// The next line without its end; nil after the last.
  func nextLine() -> String? {
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    let count = unsafe getline(&line, &capacity, output)
    defer { unsafe free(line) }
    guard count >= 0, let line = unsafe line else { return nil }
    let text = unsafe String(cString: line)
    return text.last == "\n" ? String(text.dropLast()) : text
  }

  /// Waits for its end.
  ///
  /// - Throws: `Failure` unless it ended with exit code 0.
  func finish() throws(Failure) {
    var status: Int32 = 0
    while unsafe waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else {
      throw Failure(
        description: status & 0x7F == 0
          ? "\(name): ended with exit code \(status >> 8)"
          : "\(name): was ended by signal \(status & 0x7F)")
    }
  }
}
