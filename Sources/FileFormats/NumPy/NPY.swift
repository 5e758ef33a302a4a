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
    var content = Array(bytes[dataStart...])
    guard content.count == header.byteCount else {
      throw FileError(
        .damaged, path: path, place: place,
        "\(header.elementType.rawValue) \(header.shape) takes \(header.byteCount ?? 0) bytes, "
          + "there are \(content.count)")
    }
    if header.elementType == .bool, let index = content.firstIndex(where: { $0 > 1 }) {
      throw FileError(
        .damaged, path: path, place: place, "truth value \(content[index]), expected 0 or 1")
    }
    let size = header.elementType.size
    if header.isBigEndian {
      for start in stride(from: 0, to: content.count, by: size) {
        content[start..<start + size].reverse()
      }
    }
    if header.isFortranOrder {
      content = rowMajor(content, shape: header.shape, size: size)
    }
    return TensorRecord(
      name: name, elementType: header.elementType, shape: header.shape, bytes: content)
  }

  /// The file of an array, in version 1, row-major and little-endian.
  public static func encode(_ record: TensorRecord) -> [UInt8] {
    NPYHeader.encode(record.elementType, shape: record.shape) + record.bytes
  }

  /// Elements of `size` bytes that lie first axis first, in the order of the last axis first.
  private static func rowMajor(_ bytes: [UInt8], shape: [Int], size: Int) -> [UInt8] {
    var strides: [Int] = []
    var step = size
    for extent in shape {
      strides.append(step)
      step *= extent
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = [Int](repeating: 0, count: shape.count)
    var source = 0
    for _ in 0..<bytes.count / size {
      result += bytes[source..<source + size]
      for axis in shape.indices.reversed() {
        place[axis] += 1
        source += strides[axis]
        if place[axis] < shape[axis] { break }
        source -= place[axis] * strides[axis]
        place[axis] = 0
      }
    }
    return result
  }
}
