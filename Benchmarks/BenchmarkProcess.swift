import FileFormats

/// A bench in a process of its own.
public enum BenchmarkProcess {
  /// Starts the program and hands over each line of JSON when it is written.
  ///
  /// - Throws: a failure to start it, or its own.
  public static func run(
    program: String, _ arguments: [String], _ line: (JSON) -> Void
  ) throws {
    let child = try ChildProcess(program, arguments)
    while let text = child.nextLine() {
      line(try JSON.decode(Array(text.utf8), path: "a report of the bench"))
    }
    try child.finish()
  }
}
