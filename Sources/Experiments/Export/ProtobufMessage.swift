/// A message of Protocol Buffers as bytes: fields in the order they are added
/// (https://protobuf.dev/programming-guides/encoding).
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  /// How the bytes of a field are delimited.
  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// Adds a whole number that is not negative.
  mutating func add(_ field: Int, integer value: Int) {
    addKey(field, .varint)
    addVarint(UInt64(max(value, 0)))
  }

  /// Adds a number of 64 bits.
  mutating func add(_ field: Int, double value: Double) {
    addKey(field, .fixed64)
    bytes += littleEndian(value.bitPattern)
  }

  /// Adds a number of 32 bits.
  mutating func add(_ field: Int, float value: Float) {
    addKey(field, .fixed32)
    bytes += littleEndian(value.bitPattern)
  }

  /// Adds bytes.
  mutating func add(_ field: Int, bytes value: [UInt8]) {
    addKey(field, .lengthDelimited)
    addVarint(UInt64(value.count))
    bytes += value
  }

  /// Adds a text.
  mutating func add(_ field: Int, text value: String) {
    add(field, bytes: Array(value.utf8))
  }

  /// Adds a message.
  mutating func add(_ field: Int, message value: ProtobufMessage) {
    add(field, bytes: value.bytes)
  }

  private mutating func addKey(_ field: Int, _ type: WireType) {
    addVarint(UInt64(field) << 3 | type.rawValue)
  }

  /// Seven bits a byte, the lowest first; the highest bit of a byte says that more follow.
  private mutating func addVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The bytes of a number, the lowest first.
func littleEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
  (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
