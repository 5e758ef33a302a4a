import FileFormats

/// An event file of TensorBoard: records of the TFRecord format, each a message `Event`
/// (tensorboard/compat/proto/event.proto and summary.proto; field numbers are theirs).
struct EventFile {
  /// The file so far.
  private(set) var bytes: [UInt8] = []

  /// A file that begins at this time, in seconds since 1970.
  init(time: Double) {
    var event = ProtobufMessage()
    event.add(1, double: time)
    event.add(3, text: "brain.Event:2")
    add(event)
  }

  /// Adds scalars of one step. TensorBoard keeps single precision.
  mutating func add(scalars: [(tag: String, value: Double)], step: Int, time: Double) {
    var summary = ProtobufMessage()
    for scalar in scalars {
      var value = ProtobufMessage()
      value.add(1, text: scalar.tag)
      value.add(2, float: Float(scalar.value))
      summary.add(1, message: value)
    }
    add(summary, step: step, time: time)
  }

  /// Adds a PNG picture.
  mutating func add(
    png: [UInt8], width: Int, height: Int, channels: Int, tag: String, step: Int, time: Double
  ) {
    var image = ProtobufMessage()
    image.add(1, integer: height)
    image.add(2, integer: width)
    image.add(3, integer: channels)
    image.add(4, bytes: png)
    var value = ProtobufMessage()
    value.add(1, text: tag)
    value.add(4, message: image)
    var summary = ProtobufMessage()
    summary.add(1, message: value)
    add(summary, step: step, time: time)
  }

  private mutating func add(_ summary: ProtobufMessage, step: Int, time: Double) {
    var event = ProtobufMessage()
    event.add(1, double: time)
    event.add(2, integer: step)
    event.add(5, message: summary)
    add(event)
  }

  /// A record: its length, the checksum of that, its bytes, the checksum of these.
  private mutating func add(_ event: ProtobufMessage) {
    let length = littleEndian(UInt64(event.bytes.count))
    bytes += length + littleEndian(Self.maskedChecksum(of: length))
    bytes += event.bytes + littleEndian(Self.maskedChecksum(of: event.bytes))
  }

  /// A CRC-32C that was turned by 15 bits and moved by a constant, so that the checksum of bytes
  /// which hold checksums stays sound (TensorFlow, core/lib/hash/crc32c.h).
  static func maskedChecksum(of bytes: [UInt8]) -> UInt32 {
    let checksum = CRC32C.checksum(of: bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }
}
