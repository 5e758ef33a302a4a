/// npy files, NumPy's format for one array: versions 1 to 3, whole and floating-point numbers and
/// truth values, either byte order, either order of axes. Objects and structures are refused.
public enum NPY {
  /// The array of a file.
  ///
  /// - Parameter path: named in errors.
  /// - Throws: `.damaged`, `.unsupported` or `.tooLarge`.
  public static func decode(_ bytes: [UInt8], path: String) throws(FileError) -> TensorRecord {
    try decode(bytes[...], name: Files.name(of: path), path: path)
  }

  /// The array of a file that may be a member, of this name, of the one at `path`.
  static func decode(
    _ bytes: ArraySlice<UInt8>, name: String, path: String, place: String? = nil
  ) throws(FileError) -> TensorRecord {
    let (header, dataStart) = try NPYHeader.read(bytes, path: path, place: place)
    try header.checkLength(bytes.endIndex - dataStart, path: path, place: place)
    let content = Array(bytes[dataStart...])
    if header.elementType == .bool, let index = content.firstIndex(where: { $0 > 1 }) {
      throw FileError(
        .damaged, path: path, place: place, "truth value \(content[index]), expected 0 or 1")
    }
    return TensorRecord(
      name: name, elementType: header.elementType, shape: header.shape,
      bytes: header.elements(of: content))
  }

  /// The file of an array, in version 1, row-major and little-endian.
  public static func encode(_ record: TensorRecord) -> [UInt8] {
    NPYHeader.encode(record.elementType, shape: record.shape) + record.bytes
  }
}

extension NPYHeader {
  /// Refuses content of another length than the header's numbers take.
  func checkLength(_ count: Int, path: String, place: String?) throws(FileError) {
    guard count == byteCount else {
      throw FileError(
        .damaged, path: path, place: place,
        "\(elementType.rawValue) \(shape) takes \(byteCount ?? 0) bytes, there are \(count)")
    }
  }

  /// Which of the numbers of the content follow each other.
  var stridedElements: StridedElements {
    isFortranOrder ? StridedElements(columnMajor: shape) : StridedElements(rowMajor: shape)
  }

  /// The numbers, row-major and little-endian, of content that has their length.
  func elements(of content: [UInt8]) -> [UInt8] {
    var elements = stridedElements.gathered(from: content, size: elementType.size)
    if isBigEndian { elements.reverseElements(ofSize: elementType.size) }
    return elements
  }
}
