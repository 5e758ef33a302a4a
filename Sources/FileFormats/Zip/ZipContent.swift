extension ZipDirectory {
  /// Refuses members that unfold to more than `limit` bytes in all, or to more than the file's own
  /// length makes likely.
  func checkUnfoldedSize(limit: Int) throws(FileError) {
    let limit = min(limit, max(source.count, Inflation.budget(for: source.count)))
    var rest = limit
    for member in members {
      guard member.size <= rest else {
        throw FileError(
          .tooLarge, path: source.path, place: "member '\(member.name)'",
          "more than \(limit) bytes in all")
      }
      rest -= member.size
    }
  }

  /// What a member holds, unfolded.
  ///
  /// - Parameter isChecked: whether its checksum must match.
  /// - Throws: `.damaged` or `.inputOutput`.
  func content(of member: Member, isChecked: Bool = true) throws(FileError) -> [UInt8] {
    let packed = try source.bytes(member.range)
    let content = member.isDeflated ? try inflated(packed, of: member) : packed
    guard !isChecked || CRC32.checksum(of: content[...]) == member.checksum else {
      throw failure(member, "its checksum does not match")
    }
    return content
  }

  /// Up to `count` bytes of what a member begins with, unfolded; nothing is checked. Of deflated
  /// data no more is unfolded than `count` bytes and eight for each of them give.
  func beginning(of member: Member, count: Int) throws(FileError) -> [UInt8] {
    let packedCount = member.isDeflated ? 8 * count : count
    let packed = try source.bytes(member.range.prefix(packedCount))
    guard member.isDeflated else { return packed }
    var content: [UInt8] = []
    _ = Inflation.inflate(packed[...], .none, into: &content, budget: min(count, member.size))
    return Array(content.prefix(count))
  }

  private func inflated(_ packed: [UInt8], of member: Member) throws(FileError) -> [UInt8] {
    guard member.size <= Inflation.budget(for: packed.count) else {
      throw failure(member, "\(packed.count) bytes may not unfold to \(member.size)")
    }
    var content: [UInt8] = []
    content.reserveCapacity(member.size + 1)
    let outcome = Inflation.inflate(packed[...], .none, into: &content, budget: member.size)
    guard case .whole(packed.count) = outcome, content.count == member.size else {
      throw failure(
        member, "its deflated data is corrupt or does not unfold to \(member.size) bytes")
    }
    return content
  }

  private func failure(_ member: Member, _ message: String) -> FileError {
    FileError(.damaged, path: source.path, place: "member '\(member.name)'", message)
  }
}
