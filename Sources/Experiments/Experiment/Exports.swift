import FileFormats
import Imaging

/// Where an experiment puts its pictures and tables. Every file is written whole or not at all, and
/// its name depends on the experiment alone.
public struct Exports: Sendable {
  /// The folder that the files go to.
  public let folder: String
  /// How many epochs were trained.
  public let epoch: Int

  /// Opens the folder, which is created when it is missing.
  public init(folder: String, epoch: Int) throws(FileError) {
    try Files.createFolders(folder)
    self.folder = folder
    self.epoch = epoch
  }

  /// Writes `NAME.png`.
  public func write(_ image: Image, named name: String) throws(FileError) {
    try write(PNG.encode(image), to: name, extension: "png")
  }

  /// Writes `NAME.svg`.
  public func write(svg: String, named name: String) throws(FileError) {
    try write(Array(svg.utf8), to: name, extension: "svg")
  }

  /// Writes `NAME.csv`: a line of column names, then the rows (RFC 4180, lines end with LF).
  public func write(columns: [String], rows: [[String]], named name: String) throws(FileError) {
    var text = columns.map(Self.quoted).joined(separator: ",") + "\n"
    for row in rows {
      precondition(row.count == columns.count, "a row of '\(name)' has \(row.count) columns")
      text += row.map(Self.quoted).joined(separator: ",") + "\n"
    }
    try write(Array(text.utf8), to: name, extension: "csv")
  }

  private func write(
    _ bytes: [UInt8], to name: String, extension suffix: String
  ) throws(FileError) {
    precondition(name.isExperimentName, "'\(name)' cannot name an export")
    try DurableFile.write(bytes, to: "\(folder)/\(name).\(suffix)")
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
