import FileFormats
import Imaging

extension DatasetEntry {
  /// The PNG and JPEG files of the folder at `path`, or of the folder the options name.
  static func folder(path: String?) -> DatasetEntry {
    DatasetEntry(
      name: "folder:" + (path ?? "PATH"),
      summary: "the PNG and JPEG files of a folder, or of its subfolders as classes",
      found: { options in
        (path ?? options.folder).map { Files.kind(of: $0) == .folder } ?? false
      },
      read: { options throws(FileError) in
        try folder(path, options).dataset(limit: options.limit)
      },
      open: { options, memoryLimit throws(FileError) in
        try folder(path, options).openDataset(limit: options.limit, memoryLimit: memoryLimit)
      })
  }

  /// The folder at `path`, or the one the options name.
  private static func folder(
    _ path: String?, _ options: DatasetOptions
  ) throws(FileError) -> ImageFolder {
    guard let path = path ?? options.folder, !path.isEmpty else {
      throw FileError(
        .notFound, path: "folder:PATH", "no folder is named",
        hint: "write folder:PATH or name the folder with --data")
    }
    return ImageFolder(path: path, size: options.size ?? 64, channels: options.channels ?? 3)
  }
}

/// The PNG and JPEG files of one folder, or of its subfolders, which then are the classes. Each is
/// cut to its middle square and resized. Files are taken in the order of their names; one in ten
/// is for testing, chosen by its name alone, so that new files move no old one.
struct ImageFolder {
  let path: String
  /// Height and width of the images.
  let size: Int
  /// 1 or 3.
  let channels: Int

  private static let extensions: Set<String> = ["png", "jpg", "jpeg"]
  /// The most memory the images may take, in bytes.
  private static let greatestSize = 4 << 30

  struct Entry: Sendable {
    /// The path below the folder.
    let name: String
    let label: Int32

    /// A number that the name decides.
    var hash: UInt32 { CRC32C.checksum(of: Array(name.utf8)) }
  }

  /// The images, decoded.
  func dataset(limit: Int?) throws(FileError) -> Dataset {
    let (train, test, classNames) = try parts(limit: limit)
    var files: [DatasetFile] = []
    return Dataset(
      name: "folder:" + path, source: path, train: try images(train, classNames, &files),
      test: try images(test, classNames, &files), files: files)
  }

  /// The images, decoded unless they take more than so many bytes.
  func openDataset(limit: Int?, memoryLimit: Int) throws(FileError) -> OpenDataset {
    let (train, test, classNames) = try parts(limit: limit)
    let total = (train.count + test.count).multipliedReportingOverflow(by: imageSize)
    guard total.overflow || total.partialValue > min(memoryLimit, Self.greatestSize) else {
      return OpenDataset(try dataset(limit: limit))
    }
    let learnt = try FolderImages(self, train, classNames: classNames)
    let judged = try FolderImages(self, test, classNames: classNames)
    return OpenDataset(
      name: "folder:" + path, train: learnt, test: judged, files: learnt.files + judged.files)
  }

  /// Samples an image.
  private var imageSize: Int { channels * size * size }

  /// The files to learn from and to test with, and what their classes are called.
  private func parts(
    limit: Int?
  ) throws(FileError) -> (train: [Entry], test: [Entry], classNames: [String]) {
    guard (1...4096).contains(size), channels == 1 || channels == 3 else {
      throw FileError(
        .unsupported, path: path,
        "images of \(channels)x\(size)x\(size), expected 1 or 3 channels and a size up to 4096")
    }
    let (entries, classNames) = try list()
    let (train, test) = try split(entries)
    return (
      Array(train.prefix(limit ?? .max)), Array(test.prefix(limit ?? .max)), classNames
    )
  }

  /// The image files and what their classes are called. Images beside class folders are refused,
  /// since they would have no class.
  private func list() throws(FileError) -> ([Entry], classNames: [String]) {
    let names = try Files.names(in: path).filter { !$0.hasPrefix(".") }
    let plain = names.filter(isImage)
    var entries = plain.map { Entry(name: $0, label: 0) }
    var classNames: [String] = []
    for name in names where Files.kind(of: path + "/" + name) == .folder {
      let images = try Files.names(in: path + "/" + name).filter {
        isImage($0) && !$0.hasPrefix(".")
      }
      if images.isEmpty { continue }
      entries += images.map { Entry(name: name + "/" + $0, label: Int32(classNames.count)) }
      classNames.append(name)
    }
    if classNames.isEmpty { return (entries, [Files.name(of: path)]) }
    guard let stray = plain.first else { return (entries, classNames) }
    throw FileError(
      .unsupported, path: path, "the image '\(stray)' lies beside class folders",
      hint: "move it into one of them")
  }

  private func isImage(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return Self.extensions.contains(name[name.index(after: dot)...].lowercased())
  }

  /// Both parts in the order of `entries`, neither of them empty.
  private func split(_ entries: [Entry]) throws(FileError) -> (train: [Entry], test: [Entry]) {
    guard entries.count >= 2 else {
      throw FileError(
        .notFound, path: path, "\(entries.count) PNG or JPEG files, expected at least 2")
    }
    var test = Set(entries.indices.filter { entries[$0].hash % 10 == 0 })
    if test.isEmpty || test.count == entries.count {
      test = Set(entries.indices.sorted { entries[$0].hash < entries[$1].hash }.prefix(1))
    }
    return (
      entries.indices.filter { !test.contains($0) }.map { entries[$0] },
      entries.indices.filter { test.contains($0) }.map { entries[$0] }
    )
  }

  private func images(
    _ entries: [Entry], _ classNames: [String], _ files: inout [DatasetFile]
  ) throws(FileError) -> ImageSet {
    let total = entries.count.multipliedReportingOverflow(by: imageSize)
    guard !total.overflow, total.partialValue <= Self.greatestSize else {
      throw FileError(
        .tooLarge, path: path,
        "\(entries.count) images of \(channels)x\(size)x\(size) take more than 4 GiB",
        hint: "ask for fewer or smaller ones")
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(total.partialValue)
    for entry in entries { files.append(try decode(entry, appendingTo: &pixels)) }
    return ImageSet(
      channels: channels, height: size, width: size, pixels: pixels,
      labels: entries.map(\.label), classNames: classNames)
  }

  /// Appends the samples of an image, [channels, size, size]; gives the file that it came from.
  func decode(
    _ entry: Entry, appendingTo pixels: inout [UInt8]
  ) throws(FileError) -> DatasetFile {
    let file = path + "/" + entry.name
    let read = try ImageFile(reading: file)
    let image = read.image.converted(to: channels).middleSquare
      .resized(width: size, height: size)
    for channel in 0..<channels {
      for sample in stride(from: channel, to: image.pixels.count, by: channels) {
        pixels.append(image.pixels[sample])
      }
    }
    return DatasetFile(path: file, content: read.content)
  }

  /// The file of an image, which is not decoded.
  func file(of entry: Entry) throws(FileError) -> DatasetFile {
    let file = path + "/" + entry.name
    return DatasetFile(path: file, content: try Files.read(file, limit: ImageFile.greatestLength))
  }
}

extension Image {
  /// The largest square in the middle.
  fileprivate var middleSquare: Image {
    if width == height { return self }
    let side = min(width, height)
    return cropped(x: (width - side) / 2, y: (height - side) / 2, width: side, height: side)
  }
}
