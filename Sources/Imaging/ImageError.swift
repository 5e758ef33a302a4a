/// The largest image a decoder accepts. It is checked before memory is taken.
public struct ImageLimits: Sendable, Hashable {
  /// The most pixels a side.
  public let side: Int
  /// The most pixels altogether.
  public let pixels: Int

  /// 16,384 pixels a side, 64 Mi altogether (8192 x 8192).
  public static let `default` = ImageLimits(side: 16_384, pixels: 8192 * 8192)

  /// Limits of one's own, each at least 1; beyond 2^31 - 1 they are cut to that.
  public init(side: Int, pixels: Int) {
    precondition(side > 0 && pixels > 0, "limits \(side) and \(pixels) let nothing through")
    self.side = min(side, Int(Int32.max))
    self.pixels = min(pixels, Int(Int32.max))
  }

  func allow(width: Int, height: Int) -> Bool {
    let area = width.multipliedReportingOverflow(by: height)
    return max(width, height) <= side && !area.overflow && area.partialValue <= pixels
  }
}

/// The file formats of this module.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
  /// Portable Network Graphics (ISO/IEC 15948).
  case png = "PNG"
  /// JPEG (ITU-T T.81) in JFIF or Exif files.
  case jpeg = "JPEG"

  /// The bytes every file of the format starts with.
  var signature: [UInt8] {
    switch self {
    case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    case .jpeg: [0xFF, 0xD8, 0xFF]
    }
  }

  /// The format that a file starting with these bytes has, whatever its name says.
  public init?(signatureOf bytes: [UInt8]) {
    guard let format = Self.allCases.first(where: { bytes.starts(with: $0.signature) }) else {
      return nil
    }
    self = format
  }
}

/// Why the bytes of a file are not an image for us.
public enum ImageError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The bytes do not start as a file of one of these formats does.
  case wrongSignature(expected: [ImageFormat])
  /// The image is larger than the limits.
  case tooLarge(ImageFormat, width: Int, height: Int, limits: ImageLimits)
  /// The bytes break the rules of the format; found after reading so many of them.
  case damaged(ImageFormat, reason: String, byte: Int)
  /// A valid file that uses what is not read here.
  case unsupported(ImageFormat, feature: String, expected: String)

  /// One line: what is wrong, where, and what was expected.
  public var description: String {
    switch self {
    case .wrongSignature(let expected):
      let names = expected.map(\.rawValue).joined(separator: " or ")
      return "not a \(names) file: its first bytes are not the format's signature"
    case .tooLarge(let format, let width, let height, let limits):
      return "\(format.rawValue) of \(width)x\(height) pixels is too large: "
        + "at most \(limits.side) a side and \(limits.pixels) altogether"
    case .damaged(let format, let reason, let byte):
      return "damaged \(format.rawValue) file: \(reason) (at byte \(byte))"
    case .unsupported(let format, let feature, let expected):
      return "\(format.rawValue) file with \(feature) is not supported: expected \(expected)"
    }
  }
}

extension Image {
  /// The image of a PNG or JPEG file, told apart by their first bytes.
  public init(decoding bytes: [UInt8], limits: ImageLimits = .default) throws(ImageError) {
    switch ImageFormat(signatureOf: bytes) {
    case .png: self = try PNG.decode(bytes, limits: limits)
    case .jpeg: self = try JPEG.decode(bytes, limits: limits)
    case nil: throw .wrongSignature(expected: ImageFormat.allCases)
    }
  }
}
