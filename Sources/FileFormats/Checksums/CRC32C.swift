/// The CRC-32C checksum (Castagnoli's polynomial, RFC 3720 appendix B.4), eight bytes at a time
/// (Kounavis and Berry, "Novel table lookup-based algorithms for high-performance CRC
/// generation", 2008).
public struct CRC32C: Sendable {
  private var state: UInt32 = .max

  /// The checksum of no bytes.
  public init() {}

  /// The checksum of `bytes`.
  public static func checksum(of bytes: [UInt8]) -> UInt32 {
    var checksum = CRC32C()
    checksum.update(bytes)
    return checksum.value
  }

  /// The checksum of all bytes so far.
  public var value: UInt32 { ~state }

  /// Goes on with `bytes`.
  public mutating func update(_ bytes: [UInt8]) {
    let bytes = bytes.span
    let table = Self.table.span
    var crc = state
    var position = 0
    while position + 8 <= bytes.count {
      let low =
        crc ^ UInt32(bytes[position]) ^ UInt32(bytes[position + 1]) << 8
        ^ UInt32(bytes[position + 2]) << 16 ^ UInt32(bytes[position + 3]) << 24
      crc =
        table[7 * 256 + Int(low & 0xFF)] ^ table[6 * 256 + Int(low >> 8 & 0xFF)]
        ^ table[5 * 256 + Int(low >> 16 & 0xFF)] ^ table[4 * 256 + Int(low >> 24)]
        ^ table[3 * 256 + Int(bytes[position + 4])] ^ table[2 * 256 + Int(bytes[position + 5])]
        ^ table[256 + Int(bytes[position + 6])] ^ table[Int(bytes[position + 7])]
      position += 8
    }
    while position < bytes.count {
      crc = crc >> 8 ^ table[Int((crc ^ UInt32(bytes[position])) & 0xFF)]
      position += 1
    }
    state = crc
  }

  /// Eight tables of 256: entry n of table k is the remainder of byte n followed by k zero bytes.
  private static let table: [UInt32] = {
    /// Castagnoli's polynomial 0x1EDC6F41 with its bits reversed.
    let polynomial: UInt32 = 0x82F6_3B78
    var table = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var remainder = UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? polynomial : 0) }
      table[byte] = remainder
    }
    for entry in 256..<8 * 256 {
      let shorter = table[entry - 256]
      table[entry] = shorter >> 8 ^ table[Int(shorter & 0xFF)]
    }
    return table
  }()
}
