extension WeightFile {
  /// Tells the format by the first bytes and reads the list of tensors.
  static func content(of source: ByteSource) throws(FileError) -> (Format, StoredTensors) {
    let beginning = try source.bytes(0..<min(source.count, 9))
    if beginning.starts(with: NPYHeader.magic) {
      return (.npy, try npy(source))
    }
    // A member, or the end of a file without any.
    if beginning.starts(with: [0x50, 0x4B, 3, 4]) || beginning.starts(with: [0x50, 0x4B, 5, 6]) {
      let directory = try ZipDirectory(of: source)
      try directory.checkUnfoldedSize(limit: NPZ.greatestSize)
      if let archive = PyTorchArchive(directory) { return (.pytorch, try archive.content()) }
      return (.npz, try npz(directory))
    }
    if beginning.first == Pickle.Opcode.protocolVersion.rawValue {
      return (.pytorchLegacy, try PyTorchLegacyFile.content(of: source))
    }
    if beginning.count == 9, beginning[8] == UInt8(ascii: "{") {
      return (.safetensors, try safetensors(source))
    }
    throw FileError(
      .unsupported, path: source.path, place: "byte 0",
      "begins as no file of weights that is read does",
      hint: "known are safetensors, npz, npy and PyTorch's .pth and .pt files")
  }

  private static func safetensors(_ source: ByteSource) throws(FileError) -> StoredTensors {
    let header = try SafeTensorsHeader(of: source)
    var content = StoredTensors()
    for entry in header.entries {
      content.append(
        entry.name, entry.elementType, StridedElements(rowMajor: entry.shape),
        in: .range(header.dataStart + entry.begin..<header.dataStart + entry.end))
    }
    return content
  }

  /// The array is named like the file, without ".npy".
  private static func npy(_ source: ByteSource) throws(FileError) -> StoredTensors {
    let beginning = try source.bytes(0..<min(source.count, npyBeginning))
    let (header, start) = try NPYHeader.read(beginning[...], path: source.path, place: nil)
    try header.checkLength(source.count - start, path: source.path, place: nil)
    var content = StoredTensors()
    content.append(
      stem(of: source.path), header.elementType, header.stridedElements,
      isBigEndian: header.isBigEndian, in: .range(start..<source.count))
    return content
  }

  private static func npz(_ directory: ZipDirectory) throws(FileError) -> StoredTensors {
    let path = directory.source.path
    var content = StoredTensors(directory: directory)
    for member in directory.members {
      let place = "member '\(member.name)'"
      let name = try NPZ.arrayName(of: member, path: path)
      let beginning = try directory.beginning(of: member, count: npyBeginning)
      let (header, start) = try NPYHeader.read(beginning[...], path: path, place: place)
      try header.checkLength(member.size - start, path: path, place: place)
      content.append(
        name, header.elementType, header.stridedElements, isBigEndian: header.isBigEndian,
        in: .member(member, after: start, isChecked: true))
    }
    return content
  }

  /// How many bytes of an npy file hold the longest header that is read.
  private static let npyBeginning = 12 + NPYHeader.greatestLength

  /// The name of a single tensor: the file's, without what follows its last point.
  static func stem(of path: String) -> String {
    let name = Files.name(of: path)
    guard let point = name.lastIndex(of: "."), point != name.startIndex else { return name }
    return String(name[..<point])
  }
}
