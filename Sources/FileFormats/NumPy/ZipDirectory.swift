/// The members of a zip file (PKWARE APPNOTE 6.3.10) as its central directory lists them, each
/// checked against its own header. What npz files do not need is refused: encryption, archives in
/// parts, members whose length comes after them, bytes before or between members.
struct ZipDirectory {
  static let greatestMemberCount = 4096
  static let greatestNameLength = 512

  struct Member {
    let name: String
    let isDeflated: Bool
    let checksum: UInt32
    /// Where in the file its bytes are.
    let range: Range<Int>
    /// How many bytes they unfold to.
    let size: Int
  }

  private(set) var members: [Member] = []
  private let bytes: [UInt8]
  private let path: String

  init(of bytes: [UInt8], path: String) throws(FileError) {
    self.bytes = bytes
    self.path = path
    let end = try endRecord()
    let count = try integer(end + 10, 2)
    let (length, start) = (try integer(end + 12, 4), try integer(end + 16, 4))
    guard try integer(end + 4, 4) == 0, try integer(end + 8, 2) == count else {
      throw failure(.unsupported, "a zip file in parts")
    }
    guard count != 0xFFFF, start != 0xFFFF_FFFF else {
      throw failure(.unsupported, "a zip64 directory")
    }
    guard count <= Self.greatestMemberCount else {
      throw failure(.tooLarge, "\(count) members, at most \(Self.greatestMemberCount) are read")
    }
    guard start + length == end else {
      throw failure(.damaged, "the directory does not end where its end says")
    }
    var position = start
    // Members lie one after another from the file's first byte on.
    var next = 0
    for _ in 0..<count {
      let (member, headerLength) = try member(at: position, expectedAt: next)
      members.append(member)
      next = member.range.upperBound
      position += headerLength
    }
    guard position == end, next == start else {
      throw failure(.damaged, "bytes that belong to no member")
    }
    guard Set(members.map(\.name)).count == count else {
      throw failure(.damaged, "two members have the same name")
    }
  }

  private func failure(_ problem: FileProblem, _ message: String) -> FileError {
    FileError(problem, path: path, message)
  }

  /// A little-endian number.
  private func integer(_ place: Int, _ size: Int) throws(FileError) -> Int {
    guard place >= 0, place <= bytes.count - size else {
      throw failure(.damaged, "the zip file is cut off")
    }
    return bytes[place..<place + size].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The place of the record that ends the directory, and the file but for a comment.
  private func endRecord() throws(FileError) -> Int {
    let length = 22
    for comment in 0...0xFFFF where comment <= bytes.count - length {
      let place = bytes.count - length - comment
      if try integer(place, 4) == 0x0605_4B50, try integer(place + 20, 2) == comment {
        return place
      }
    }
    throw failure(.damaged, "not a zip file")
  }

  /// A member by its entry in the directory, and the length of the entry.
  private func member(
    at place: Int, expectedAt start: Int
  ) throws(FileError) -> (Member, headerLength: Int) {
    guard try integer(place, 4) == 0x0201_4B50 else {
      throw failure(.damaged, "byte \(place) begins no directory entry")
    }
    let nameLength = try integer(place + 28, 2)
    let more = (extra: try integer(place + 30, 2), comment: try integer(place + 32, 2))
    let name = try text(at: place + 46, length: nameLength)
    let (compressed, size) = (try integer(place + 20, 4), try integer(place + 24, 4))
    let offset = try integer(place + 42, 4)
    let (flags, method) = (try integer(place + 8, 2), try integer(place + 10, 2))
    func fault(_ problem: FileProblem, _ message: String) -> FileError {
      FileError(problem, path: path, place: "member '\(name)'", message)
    }
    guard compressed != 0xFFFF_FFFF, size != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else {
      throw fault(.unsupported, "sizes above 4 GiB")
    }
    // Bit 11 says that the name is UTF-8; bits 1 and 2 how hard the packer tried.
    guard flags & ~0x0806 == 0 else {
      throw fault(.unsupported, "encrypted, or written without its length at its beginning")
    }
    guard method == 0 || method == 8 else {
      throw fault(.unsupported, "compression method \(method), expected stored or deflated")
    }
    guard offset == start, try integer(offset, 4) == 0x0403_4B50 else {
      throw fault(.damaged, "does not begin where the member before it ends")
    }
    guard try integer(offset + 26, 2) == nameLength,
      try text(at: offset + 30, length: nameLength) == name,
      try integer(offset + 6, 2) == flags, try integer(offset + 8, 2) == method,
      try integer(offset + 14, 4) == integer(place + 16, 4)
    else { throw fault(.damaged, "its header and the directory differ") }
    let extraLength = try integer(offset + 28, 2)
    let extra = offset + 30 + nameLength
    var sizes = (try integer(offset + 18, 4), try integer(offset + 22, 4))
    // NumPy writes the sizes of every member once more in eight bytes each (zip64, id 1), and
    // all ones in their place.
    if sizes == (0xFFFF_FFFF, 0xFFFF_FFFF), extraLength >= 20, try integer(extra, 2) == 1,
      try integer(extra + 2, 2) == 16, try integer(extra + 8, 4) == 0,
      try integer(extra + 16, 4) == 0
    {
      sizes = (try integer(extra + 12, 4), try integer(extra + 4, 4))
    }
    guard sizes == (compressed, size), method == 8 || compressed == size else {
      throw fault(.damaged, "its sizes in its header and in the directory differ")
    }
    let begin = extra + extraLength
    guard begin + compressed <= bytes.count else {
      throw fault(.damaged, "ends after the file's end")
    }
    let member = Member(
      name: name, isDeflated: method == 8,
      checksum: UInt32(truncatingIfNeeded: try integer(place + 16, 4)),
      range: begin..<begin + compressed, size: size)
    return (member, 46 + nameLength + more.extra + more.comment)
  }

  private func text(at place: Int, length: Int) throws(FileError) -> String {
    guard (1...Self.greatestNameLength).contains(length), place <= bytes.count - length,
      let name = String(validating: bytes[place..<place + length], as: UTF8.self),
      !name.unicodeScalars.contains(where: \.isMisleading)
    else {
      throw failure(
        .damaged, "expected names of 1 to \(Self.greatestNameLength) bytes, no control characters")
    }
    return name
  }
}
