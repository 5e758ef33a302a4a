/// A file that PyTorch writes since version 1.6: a zip file of one folder, in it `data.pkl`, the
/// pickle of what was saved, and for each storage `data/KEY` with its numbers.
/// (https://github.com/pytorch/pytorch, torch/serialization.py and caffe2/serialize/inline_container.h.)
struct PyTorchArchive {
  private let directory: ZipDirectory
  private let pickle: ZipDirectory.Member
  /// The folder's name and a slash.
  private let folder: String

  /// nil if the zip file is another one.
  init?(_ directory: ZipDirectory) {
    let name = "data.pkl"
    guard
      let pickle = directory.members.first(where: {
        $0.name.hasSuffix("/" + name) && $0.name.count { $0 == "/" } == 1
      })
    else { return nil }
    self.directory = directory
    self.pickle = pickle
    folder = String(pickle.name.dropLast(name.count))
  }

  /// The tensors and the members they lie in.
  ///
  /// - Throws: `.damaged`, `.unsupported` or `.tooLarge`.
  func content() throws(FileError) -> StoredTensors {
    let path = directory.source.path
    let members = Dictionary(uniqueKeysWithValues: directory.members.map { ($0.name, $0) })
    // PyTorch can be told to compute no checksums; all of them are zero then.
    let isChecked = directory.members.contains { $0.checksum != 0 }
    guard pickle.size <= Pickle.greatestLength else {
      throw FileError(
        .tooLarge, path: path, place: "member '\(pickle.name)'",
        "\(pickle.size) bytes, at most \(Pickle.greatestLength) are read")
    }
    if let order = members[folder + "byteorder"] {
      try checkByteOrder(directory.content(of: order, isChecked: isChecked))
    }
    var reader = PickleReader(
      try directory.content(of: pickle, isChecked: isChecked), path: path, place: "data.pkl")
    let value = try reader.next()
    guard reader.position == reader.bytes.count else {
      throw reader.failure("\(reader.bytes.count - reader.position) bytes after the pickle")
    }
    let tensors = try PickledTensors(in: value, of: reader, name: WeightFile.stem(of: path))
    var content = StoredTensors(tensors: tensors.stored, directory: directory)
    for storage in reader.storages {
      let name = folder + "data/" + storage.key
      guard let member = members[name] else {
        throw FileError(.damaged, path: path, "the member '\(name.prefix(200))' is missing")
      }
      let size = storage.count * (storage.elementType?.size ?? 1)
      guard member.size == size else {
        throw FileError(
          .damaged, path: path, place: "member '\(name)'",
          "\(member.size) bytes, data.pkl says \(size)")
      }
      content.storages.append(.member(member, after: 0, isChecked: isChecked))
    }
    return content
  }

  private func checkByteOrder(_ order: [UInt8]) throws(FileError) {
    guard order.elementsEqual("little".utf8) else {
      throw FileError(
        .unsupported, path: directory.source.path, place: "member '\(folder)byteorder'",
        "expected little-endian numbers", hint: "save the file on a little-endian machine")
    }
  }
}
