import FileFormats

/// A file of text in UTF-8.
struct TextFile {
  /// Above this a text and its numbers would crowd out the model.
  static let limit = 1 << 28

  let path: String
  let scalars: [Unicode.Scalar]
  /// SHA-256 of the bytes, in hexadecimal digits.
  let sha256: String

  /// Reads a file.
  ///
  /// - Throws: `.notFound`, `.tooLarge`, `.inputOutput`; `.damaged` when it is empty or no UTF-8.
  init(_ path: String) throws(FileError) {
    let bytes = try Files.read(path, limit: Self.limit)
    guard !bytes.isEmpty else {
      throw FileError(
        .damaged, path: path, "the file is empty", hint: "name a file of text in text.file")
    }
    self.path = path
    scalars = try Self.scalars(of: bytes, path: path)
    sha256 = SHA256.hexadecimal(of: bytes)
  }

  /// The Unicode scalars that bytes stand for.
  static func scalars(of bytes: [UInt8], path: String) throws(FileError) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(bytes.count)
    var (decoder, iterator, place) = (Unicode.UTF8(), bytes.makeIterator(), 0)
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar):
        scalars.append(scalar)
        place += Unicode.UTF8.width(scalar)
      case .emptyInput: return scalars
      case .error:
        throw FileError(
          .damaged, path: path, place: "byte \(place)", "not UTF-8",
          hint: "convert the text, as in 'iconv -t UTF-8'")
      }
    }
  }
}
