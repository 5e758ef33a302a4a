/// The header of an npy file (NumPy Enhancement Proposal 1): magic number, version, and a Python
/// dictionary of `descr`, `fortran_order` and `shape`.
///
/// The reader takes the dictionary as NumPy writes it, with the keys in any order, and no other
/// Python; every number must be decimal, every key there once.
struct NPYHeader: Hashable {
  /// What NumPy itself reads unless it is told to trust a file.
  static let greatestLength = 10_000
  static let greatestRank = 32
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  var elementType: TensorRecord.ElementType
  var isBigEndian: Bool
  var isFortranOrder: Bool
  var shape: [Int]

  /// Bytes of the numbers; nil if they, or those of the same shape without its zeros, overflow.
  var byteCount: Int? { elementType.byteCount(of: shape) }

  /// The header of a file, and where in it the numbers begin.
  static func read(
    _ bytes: ArraySlice<UInt8>, path: String, place: String?
  ) throws(FileError) -> (header: NPYHeader, dataStart: Int) {
    func failure(_ problem: FileProblem, _ message: String) -> FileError {
      FileError(problem, path: path, place: place, message)
    }
    let start = bytes.startIndex
    guard bytes.count >= 10, bytes[start..<start + 6].elementsEqual(magic) else {
      throw failure(.damaged, "not an npy file")
    }
    let version = bytes[start + 6]
    guard (1...3).contains(version), bytes[start + 7] == 0 else {
      throw failure(.unsupported, "npy version \(version).\(bytes[start + 7]), expected 1 to 3")
    }
    let lengthSize = version == 1 ? 2 : 4
    let textStart = start + 8 + lengthSize
    guard bytes.endIndex >= textStart else { throw failure(.damaged, "the npy header is cut off") }
    let length = bytes[start + 8..<textStart].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= greatestLength else {
      throw failure(
        .tooLarge, "an npy header of \(length) bytes, at most \(greatestLength) are read")
    }
    guard length <= bytes.endIndex - textStart else {
      throw failure(.damaged, "the npy header is cut off")
    }
    var parser = NPYHeaderParser(bytes[textStart..<textStart + length])
    do throws(NPYHeaderParser.Fault) {
      return (try parser.header(), textStart + length)
    } catch {
      throw failure(error.problem, "npy header, byte \(error.place - start): \(error.message)")
    }
  }

  /// The header's bytes as NumPy writes them in version 1: filled with spaces, so that the numbers
  /// begin at a multiple of 64 bytes.
  static func encode(_ elementType: TensorRecord.ElementType, shape: [Int]) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(descriptor(of: elementType))', 'fortran_order': False, "
    text += "'shape': (\(extents)), }"
    let filled = (10 + text.utf8.count + 1 + 63) / 64 * 64
    text += String(repeating: " ", count: filled - 10 - text.utf8.count - 1) + "\n"
    let length = text.utf8.count
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }

  /// Kind and size of each type that is read, as `descr` says them.
  static let descriptors: [(text: String, elementType: TensorRecord.ElementType)] = [
    ("f2", .float16), ("f4", .float32), ("f8", .float64), ("i1", .int8), ("i2", .int16),
    ("i4", .int32), ("i8", .int64), ("u1", .uint8), ("u2", .uint16), ("u4", .uint32),
    ("u8", .uint64), ("b1", .bool),
  ]

  private static func descriptor(of elementType: TensorRecord.ElementType) -> String {
    guard let entry = descriptors.first(where: { $0.elementType == elementType }) else {
      preconditionFailure("NumPy has no \(elementType.rawValue)")
    }
    return (elementType.size == 1 ? "|" : "<") + entry.text
  }
}

/// Reads the dictionary of an npy header.
struct NPYHeaderParser {
  /// What is wrong, and at which byte.
  struct Fault: Error {
    var problem = FileProblem.damaged
    let place: Int
    let message: String
  }

  private let text: ArraySlice<UInt8>
  private var position: Int

  init(_ text: ArraySlice<UInt8>) {
    self.text = text
    position = text.startIndex
  }

  mutating func header() throws(Fault) -> NPYHeader {
    var descriptor: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let start = position
      switch try string() {
      case "descr" where descriptor == nil:
        try expect(":")
        descriptor = try string()
      case "fortran_order" where isFortranOrder == nil:
        try expect(":")
        isFortranOrder = try truth()
      case "shape" where shape == nil:
        try expect(":")
        shape = try tuple()
      default:
        throw Fault(place: start, message: "expected each of descr, fortran_order and shape once")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    guard take("\n"), position == text.endIndex else {
      throw fault("expected a line feed after the dictionary, and nothing more")
    }
    guard let descriptor, let isFortranOrder, let shape else {
      throw fault("expected each of descr, fortran_order and shape")
    }
    let order = descriptor.first
    guard let entry = NPYHeader.descriptors.first(where: { $0.text == descriptor.dropFirst() }),
      order == "<" || order == ">" || (order == "|" && entry.elementType.size == 1)
    else {
      throw Fault(
        problem: .unsupported, place: text.startIndex,
        message: "numbers of type '\(descriptor.prefix(40))', expected one such as '<f4'")
    }
    let header = NPYHeader(
      elementType: entry.elementType, isBigEndian: order == ">", isFortranOrder: isFortranOrder,
      shape: shape)
    guard header.byteCount != nil else {
      throw Fault(
        problem: .tooLarge, place: text.startIndex, message: "the shape \(shape) overflows")
    }
    return header
  }

  private func fault(_ message: String) -> Fault { Fault(place: position, message: message) }

  private mutating func skipSpaces() {
    while position < text.endIndex, text[position] == UInt8(ascii: " ") { position += 1 }
  }

  /// Whether the character is next, spaces left aside; if so it is passed.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard position < text.endIndex, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Fault) {
    guard take(character) else { throw fault("expected '\(character)'") }
  }

  /// A text of printable ASCII in single or double quotes, without escapes.
  private mutating func string() throws(Fault) -> String {
    let quote: Unicode.Scalar = take("\"") ? "\"" : "'"
    if quote == "'" { try expect(quote) }
    let start = position
    while position < text.endIndex, text[position] != UInt8(ascii: quote) {
      guard (0x20..<0x7F).contains(text[position]), text[position] != UInt8(ascii: "\\") else {
        throw fault("expected plain text")
      }
      position += 1
    }
    let content = String(decoding: text[start..<position], as: UTF8.self)
    try expect(quote)
    return content
  }

  private mutating func truth() throws(Fault) -> Bool {
    skipSpaces()
    for (word, value) in [("True", true), ("False", false)]
    where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw fault("expected True or False")
  }

  /// Extents in parentheses; a single one is followed by a comma.
  private mutating func tuple() throws(Fault) -> [Int] {
    var extents: [Int] = []
    try expect("(")
    while !take(")") {
      guard extents.count < NPYHeader.greatestRank else {
        throw Fault(
          problem: .tooLarge, place: position,
          message: "more than \(NPYHeader.greatestRank) dimensions")
      }
      extents.append(try wholeNumber())
      if !take(",") {
        guard extents.count > 1 else { throw fault("expected ','") }
        try expect(")")
        break
      }
    }
    return extents
  }

  private mutating func wholeNumber() throws(Fault) -> Int {
    skipSpaces()
    let start = position
    while position < text.endIndex, (0x30..<0x3A).contains(text[position]) { position += 1 }
    let digits = String(decoding: text[start..<position], as: UTF8.self)
    guard let value = Int(digits), digits == String(value) else {
      throw Fault(place: start, message: "expected a whole number that fits 64 bits")
    }
    return value
  }
}
