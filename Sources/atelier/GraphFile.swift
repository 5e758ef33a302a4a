import ArgumentParser
import Experiments
import FileFormats

/// A file that a network's graph is written to: text as it is, pictures by Graphviz.
struct GraphFile {
  /// The forms there are, by the end of the file's name.
  enum Form: String, CaseIterable {
    case dot, mmd, svg, png
  }

  private static let program = "dot"
  /// The text that Graphviz reads, and what it draws, lie beside the file so long.
  private static let temporaryEndings = (text: ".graph-text", drawing: ".graph-drawing")

  private let path: String
  private let form: Form

  /// - Throws: a wrong use where the name ends in none of the forms.
  init(_ path: String) throws(ValidationError) {
    guard let form = Form.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
      throw ValidationError(
        "--graph \(path.printable()): expected a name that ends in "
          + Form.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ") + ".")
    }
    (self.path, self.form) = (path, form)
  }

  /// Fails where the form is a picture and Graphviz is not there to draw it.
  ///
  /// - Throws: `.notFound`.
  func requireProgram() throws(FileError) {
    guard form == .svg || form == .png, ChildProcess.find(Self.program) == nil else { return }
    throw FileError(
      .notFound, path: Self.program, "Graphviz draws .\(form.rawValue), and is not installed",
      hint: "install the package 'graphviz', or ask for .dot or .mmd")
  }

  /// Writes the file.
  ///
  /// - Throws: `FileError` when it cannot be written, or Graphviz fails.
  func write(_ graph: NetworkGraph) throws(FileError) {
    switch form {
    case .dot: try DurableFile.write(Array(graph.dot().utf8), to: path)
    case .mmd: try DurableFile.write(Array(graph.mermaid().utf8), to: path)
    case .svg, .png: try draw(graph)
    }
  }

  private func draw(_ graph: NetworkGraph) throws(FileError) {
    let whole = Files.absolute(path)
    let (text, drawing) = (
      whole + Self.temporaryEndings.text, whole + Self.temporaryEndings.drawing
    )
    try DurableFile.write(Array(graph.dot().utf8), to: text)
    defer {
      // One that Graphviz did not make, or that has its name by now, is not there.
      try? Files.remove(text)
      try? Files.remove(drawing)
    }
    let ending = try ChildProcess(
      Self.program, ["-T\(form.rawValue)", "-o", drawing, text], talk: .shared
    ).wait()
    guard ending == .exit(0) else {
      throw FileError(
        .inputOutput, path: path, "Graphviz ended with code \(ending.code)",
        hint: "ask for .dot to see what it was given")
    }
    try Files.move(drawing, to: path)
  }
}
