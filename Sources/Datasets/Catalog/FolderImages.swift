import FileFormats

/// Images of a folder that stay in their files until they are asked for: what is too large for
/// memory.
struct FolderImages: ImageSource {
  private let folder: ImageFolder
  private let entries: [ImageFolder.Entry]
  /// The files as they were when the folder was opened, in the order of the entries.
  let files: [DatasetFile]
  let classNames: [String]
  let labels: [Int32]

  /// Reads every file once, to know it again.
  ///
  /// - Throws: what reading a file throws.
  init(
    _ folder: ImageFolder, _ entries: [ImageFolder.Entry], classNames: [String]
  ) throws(FileError) {
    (self.folder, self.entries, self.classNames) = (folder, entries, classNames)
    labels = entries.map(\.label)
    var files: [DatasetFile] = []
    for entry in entries { files.append(try folder.file(of: entry)) }
    self.files = files
  }

  var count: Int { entries.count }
  var channels: Int { folder.channels }
  var height: Int { folder.size }
  var width: Int { folder.size }
  var readsFiles: Bool { true }

  func gather(
    _ indices: some Collection<Int32>, into batch: inout [UInt8]
  ) throws(FileError) {
    batch.removeAll(keepingCapacity: true)
    batch.reserveCapacity(indices.count * imageSize)
    for index in indices {
      let file = try folder.decode(entries[Int(index)], appendingTo: &batch)
      guard file == files[Int(index)] else {
        throw FileError(
          .damaged, path: file.path, "its content is not what it was when the run began",
          hint: "put the file back, or begin a new run")
      }
    }
  }
}
