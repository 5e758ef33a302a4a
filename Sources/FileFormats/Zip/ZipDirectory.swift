/// The members of a zip file (PKWARE APPNOTE 6.3.10) as its central directory lists them, each
/// checked against its own header. What neither NumPy nor PyTorch writes is refused: encryption,
/// archives in parts, members above 4 GiB, bytes before or between members.
struct ZipDirectory: Sendable {
  static let greatestMemberCount = 4096
  static let greatestNameLength = 512
  /// Bytes of the directory: 4096 entries of names and remarks as long as others write them.
  static let greatestLength = 16 << 20

  struct Member: Sendable {
    let name: String
    let isDeflated: Bool
    let checksum: UInt32
    /// Where in the file its bytes are.
    let range: Range<Int>
    /// How many bytes they unfold to.
    let size: Int
    /// Where the next member begins.
    fileprivate let end: Int
  }

  private(set) var members: [Member] = []
  /// The file.
  let source: ByteSource

  init(of source: ByteSource) throws(FileError) {
    self.source = source
    let directory = try location()
    let entries = try source.bytes(directory.range)
    var position = 0
    // Members lie one after another from the file's first byte on.
    var next = 0
    for _ in 0..<directory.count {
      let (member, length) = try member(at: position, of: entries, expectedAt: next)
      members.append(member)
      next = member.end
      position += length
    }
    guard position == entries.count, next == directory.range.lowerBound else {
      throw failure(.damaged, "bytes that belong to no member")
    }
    guard Set(members.map(\.name)).count == members.count else {
      throw failure(.damaged, "two members have the same name")
    }
  }

  private func failure(_ problem: FileProblem, _ message: String) -> FileError {
    FileError(problem, path: source.path, message)
  }

  /// A little-endian number; one of eight bytes may come out negative.
  private func integer(
    _ bytes: [UInt8], _ place: Int, _ size: Int
  ) throws(FileError) -> Int {
    guard place >= 0, place <= bytes.count - size else {
      throw failure(.damaged, "the zip file is cut off")
    }
    return bytes[place..<place + size].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Where the directory is, and how many members it lists.
  private func location() throws(FileError) -> (range: Range<Int>, count: Int) {
    // The record at the end with the longest remark, and what PyTorch writes before it.
    let tail = try source.bytes(max(0, source.count - (22 + 0xFFFF + 76))..<source.count)
    let end = try endRecord(in: tail)
    let count = try integer(tail, end + 10, 2)
    let (length, start) = (try integer(tail, end + 12, 4), try integer(tail, end + 16, 4))
    guard try integer(tail, end + 4, 4) == 0, try integer(tail, end + 8, 2) == count else {
      throw failure(.unsupported, "a zip file in parts")
    }
    guard count != 0xFFFF, start != 0xFFFF_FFFF else {
      throw failure(.unsupported, "a zip file above 4 GiB")
    }
    guard count <= Self.greatestMemberCount else {
      throw failure(.tooLarge, "\(count) members, at most \(Self.greatestMemberCount) are read")
    }
    guard length <= Self.greatestLength else {
      throw failure(
        .tooLarge, "a directory of \(length) bytes, at most \(Self.greatestLength) are read")
    }
    var directoryEnd = source.count - tail.count + end
    // PyTorch writes the end twice: for files above 4 GiB (56 bytes and 20 that point to them) and
    // for others.
    if end >= 76, try integer(tail, end - 20, 4) == 0x0706_4B50 {
      let large = end - 76
      directoryEnd -= 76
      guard try integer(tail, large, 4) == 0x0606_4B50, try integer(tail, large + 4, 8) == 44,
        try integer(tail, large + 16, 8) == 0, try integer(tail, large + 24, 8) == count,
        try integer(tail, large + 32, 8) == count, try integer(tail, large + 40, 8) == length,
        try integer(tail, large + 48, 8) == start, try integer(tail, end - 12, 8) == directoryEnd
      else { throw failure(.damaged, "the two records of its end differ") }
    }
    guard start + length == directoryEnd else {
      throw failure(.damaged, "the directory does not end where its end says")
    }
    return (start..<directoryEnd, count)
  }

  /// The place of the record that ends the directory, and the file but for a remark.
  private func endRecord(in tail: [UInt8]) throws(FileError) -> Int {
    let length = 22
    for remark in 0...0xFFFF where remark <= tail.count - length {
      let place = tail.count - length - remark
      if try integer(tail, place, 4) == 0x0605_4B50, try integer(tail, place + 20, 2) == remark {
        return place
      }
    }
    throw failure(.damaged, "not a zip file")
  }

  /// A member by its entry in the directory, and the length of the entry.
  private func member(
    at place: Int, of entries: [UInt8], expectedAt start: Int
  ) throws(FileError) -> (Member, entryLength: Int) {
    guard try integer(entries, place, 4) == 0x0201_4B50 else {
      throw failure(.damaged, "byte \(place) of the directory begins no entry")
    }
    let nameLength = try integer(entries, place + 28, 2)
    let more = (try integer(entries, place + 30, 2), try integer(entries, place + 32, 2))
    let name = try text(entries, at: place + 46, length: nameLength)
    let checksum = try integer(entries, place + 16, 4)
    let sizes = (try integer(entries, place + 20, 4), try integer(entries, place + 24, 4))
    let offset = try integer(entries, place + 42, 4)
    let (flags, method) = (try integer(entries, place + 8, 2), try integer(entries, place + 10, 2))
    func fault(_ problem: FileProblem, _ message: String) -> FileError {
      FileError(problem, path: source.path, place: "member '\(name)'", message)
    }
    guard sizes.0 != 0xFFFF_FFFF, sizes.1 != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else {
      throw fault(.unsupported, "sizes above 4 GiB")
    }
    // Bit 11 says that the name is UTF-8; bits 1 and 2 how hard the packer tried; bit 3 that the
    // sizes follow the bytes, as PyTorch writes them.
    guard flags & ~0x080E == 0 else {
      throw fault(.unsupported, "encrypted, or packed in a way that is not read")
    }
    guard method == 0 || method == 8 else {
      throw fault(.unsupported, "compression method \(method), expected stored or deflated")
    }
    guard offset == start, start <= source.count - 30 else {
      throw fault(.damaged, "does not begin where the member before it ends")
    }
    let header = try source.bytes(start..<start + 30)
    guard try integer(header, 0, 4) == 0x0403_4B50 else {
      throw fault(.damaged, "does not begin where the member before it ends")
    }
    let extraLength = try integer(header, 28, 2)
    let begin = start + 30 + nameLength + extraLength
    guard begin + sizes.0 <= source.count else {
      throw fault(.damaged, "ends after the file's end")
    }
    let names = try source.bytes(start + 30..<begin)
    guard try integer(header, 26, 2) == nameLength,
      try text(names, at: 0, length: nameLength) == name,
      try integer(header, 6, 2) == flags, try integer(header, 8, 2) == method
    else { throw fault(.damaged, "its header and the directory differ") }
    var end = begin + sizes.0
    var claimed = (
      try integer(header, 14, 4), try integer(header, 18, 4), try integer(header, 22, 4)
    )
    if flags & 8 != 0, claimed == (0, 0, 0) {
      guard end <= source.count - 16 else { throw fault(.damaged, "ends after the file's end") }
      let descriptor = try source.bytes(end..<end + 16)
      guard try integer(descriptor, 0, 4) == 0x0807_4B50 else {
        throw fault(.damaged, "is not followed by its sizes")
      }
      claimed = (
        try integer(descriptor, 4, 4), try integer(descriptor, 8, 4), try integer(descriptor, 12, 4)
      )
      end += 16
    } else if flags & 8 != 0 {
      throw fault(.unsupported, "gives its sizes before its bytes and after them")
    }
    // NumPy writes the sizes of every member once more in eight bytes each (zip64, id 1), and
    // all ones in their place.
    let extra = nameLength
    if (claimed.1, claimed.2) == (0xFFFF_FFFF, 0xFFFF_FFFF), extraLength >= 20,
      try integer(names, extra, 2) == 1, try integer(names, extra + 2, 2) == 16
    {
      claimed.2 = try integer(names, extra + 4, 8)
      claimed.1 = try integer(names, extra + 12, 8)
    }
    guard claimed == (checksum, sizes.0, sizes.1), method == 8 || sizes.0 == sizes.1 else {
      throw fault(.damaged, "what its header and the directory say of its bytes differs")
    }
    let member = Member(
      name: name, isDeflated: method == 8, checksum: UInt32(truncatingIfNeeded: checksum),
      range: begin..<begin + sizes.0, size: sizes.1, end: end)
    return (member, 46 + nameLength + more.0 + more.1)
  }

  private func text(_ bytes: [UInt8], at place: Int, length: Int) throws(FileError) -> String {
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
