import FileFormats
import Imaging

/// Where an experiment puts its pictures, tables and texts. Every file is written whole or not at all, and
/// its name depends on the experiment alone. Nothing is begun once somebody asks to stop.
public struct Exports: Sendable {
  /// The folder that the files go to.
  public let folder: String
  /// How many epochs were trained.
  public let epoch: Int
  private let stop: StopRequest

  /// Opens the folder, which is created when it is missing.
  public init(
    folder: String, epoch: Int, stop: StopRequest = StopRequest()
  ) throws(FileError) {
    try Files.createFolders(folder)
    self.folder = folder
    self.epoch = epoch
    self.stop = stop
  }

  /// Writes `NAME.png`.
  public func write(_ image: @autoclosure () throws -> Image, named name: String) throws {
    try write(to: name, extension: "png") { PNG.encode(try image()) }
  }

  /// Writes `NAME.gif`.
  public func write(_ animation: @autoclosure () throws -> GIF, named name: String) throws {
    try write(to: name, extension: "gif") { try animation().encoded() }
  }

  /// Writes `NAME.apng`, which keeps all colours.
  public func write(_ animation: @autoclosure () throws -> APNG, named name: String) throws {
    try write(to: name, extension: "apng") { try animation().encoded() }
  }

  /// Writes `NAME-EPOCH.png`, and `NAME.gif` and `NAME.apng` of all such pictures up to this epoch: half a second
  /// each. Earlier ones lie in this folder or in the folders of their epochs in it, so that with
  /// `train.exportEvery` 1 the last one shows the whole training.
  public func writeFrame(_ image: @autoclosure () throws -> Image, of name: String) throws {
    let number = Quantity.padded(epoch, to: 5)
    let newest = try image()
    try write(newest, named: "\(name)-\(number)")
    let folders = try Files.names(in: folder).filter { $0.hasPrefix("epoch-") }
      .map { "\(folder)/\($0)" }.filter { Files.kind(of: $0) == .folder }
    var frames: [(name: String, path: String)] = []
    for folder in [folder] + folders {
      for file in try Files.names(in: folder)
      where file.hasPrefix("\(name)-") && file.hasSuffix(".png")
        && file <= "\(name)-\(number).png"
      {
        frames.append((file, "\(folder)/\(file)"))
      }
    }
    var (gif, apng) = (GIF(delay: 50), APNG(delay: 50))
    for frame in frames.sorted(by: { $0.name < $1.name }) {
      try stop.check()
      let image = try PNG.decode(Files.read(frame.path))
      guard (image.width, image.height) == (newest.width, newest.height) else { continue }
      gif.append(image)
      apng.append(image)
    }
    try write(gif, named: name)
    try write(apng, named: name)
  }

  /// Writes `NAME.svg`.
  public func write(svg: @autoclosure () throws -> String, named name: String) throws {
    try write(to: name, extension: "svg") { Array(try svg().utf8) }
  }

  /// Writes `NAME.safetensors`.
  public func write(_ records: @autoclosure () throws -> [TensorRecord], named name: String) throws
  {
    try write(to: name, extension: "safetensors") { SafeTensors.encode(try records()) }
  }

  /// Writes `NAME.csv`: a line of column names, then the rows (RFC 4180, lines end with LF).
  public func write(columns: [String], rows: [[String]], named name: String) throws {
    var text = columns.map(Self.quoted).joined(separator: ",") + "\n"
    for row in rows {
      precondition(row.count == columns.count, "a row of '\(name)' has \(row.count) columns")
      text += row.map(Self.quoted).joined(separator: ",") + "\n"
    }
    try write(to: name, extension: "csv") { Array(text.utf8) }
  }

  /// Writes `NAME.txt`.
  public func write(text: @autoclosure () throws -> String, named name: String) throws {
    try write(to: name, extension: "txt") { Array(try text().utf8) }
  }

  private func write(
    to name: String, extension suffix: String, _ content: () throws -> [UInt8]
  ) throws {
    precondition(name.isExperimentName, "'\(name)' cannot name an export")
    try stop.check()
    let bytes = try content()
    try stop.check()
    try DurableFile.write(bytes, to: "\(folder)/\(name).\(suffix)")
  }

  /// A field of a CSV file (RFC 4180): in quotation marks where it needs them.
  public static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
