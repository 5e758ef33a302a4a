import FileFormats
import Glibc
import Testing

/// The built program `atelier`, run as a person would run it.
struct Program {
  /// What came of running it.
  struct Outcome {
    /// The exit code; 128 and the signal's number more when a signal ended it.
    let status: Int32
    let output: String
    let errors: String
  }

  /// Runs it with a folder to be its home, which needs not exist, and further variables; `shell`
  /// follows in the shell's words, as in `> /dev/full`.
  static func run(
    _ arguments: [String], home: String = "/nonexistent", environment: [String: String] = [:],
    shell: String = ""
  ) throws -> Outcome {
    let folder = TemporaryFolder()
    let (output, errors) = (folder.path + "/output", folder.path + "/errors")
    var words = ["exec", "env", "-u", "ATELIER_DATA", quoted("ATELIER_HOME=" + home)]
    words += environment.map { quoted("\($0)=\($1)") } + [quoted(path)] + arguments.map(quoted)
    words += [">", output, "2>", errors, "</dev/null", shell]
    let status = unsafe system(words.joined(separator: " "))
    let signal = status & 0x7F
    return Outcome(
      status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal,
      output: String(decoding: try Files.read(output), as: UTF8.self),
      errors: String(decoding: try Files.read(errors), as: UTF8.self))
  }

  /// The program lies beside the tests' own.
  private static var path: String {
    let tests = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return Files.folder(of: tests) + "/atelier"
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

/// A new folder under /tmp that goes away, with all in it, when the value does.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/atelier-tests-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
  }

  deinit {
    try? Files.removeFolder(path)
  }

  /// Writes a file, and the folders above it that are missing.
  func write(_ text: String, to name: String) throws -> String {
    let path = path + "/" + name
    try Files.createFolders(Files.folder(of: path))
    try DurableFile.write(Array(text.utf8), to: path)
    return path
  }
}
