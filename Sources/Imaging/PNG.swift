// Unsafe: the calls of libpng's shim take pointers. Each is to an array, valid for the call, and
// goes with its size; the shim keeps none. The one block it returns is copied and freed here.
import CPNG
import Glibc

/// PNG files (ISO/IEC 15948) in memory, by libpng.
public enum PNG {
  /// zlib's own default: level 9 takes several times as long for a percent.
  private static let compressionLevel: Int32 = 6

  /// The file of an image: 8 bits a channel, pixels and nothing else (no time, no text). The same
  /// image gives the same bytes with the same versions of libpng and zlib.
  public static func encode(_ image: Image) -> [UInt8] {
    let header = png_shim_header(
      width: UInt32(image.width), height: UInt32(image.height), channels: UInt32(image.channels))
    var file: UnsafeMutablePointer<UInt8>?
    var size = 0
    let outcome = unsafe attempt { failure in
      unsafe png_shim_encode(
        image.pixels, image.pixels.count, header, compressionLevel, &file, &size, failure)
    }
    guard case .success = outcome, let file = unsafe file else {
      fatalError("libpng refused an image of \(image.width)x\(image.height): \(outcome)")
    }
    defer { unsafe free(file) }
    return unsafe Array(UnsafeBufferPointer(start: file, count: size))
  }

  /// The image of a file: grey, RGB or, where any pixel may be transparent, RGBA. Palettes are
  /// looked up, 16 bits reduced to 8; gamma, colour profile and text are not looked at.
  public static func decode(
    _ bytes: [UInt8], limits: ImageLimits = .default
  ) throws(ImageError) -> Image {
    guard bytes.starts(with: ImageFormat.png.signature) else {
      throw .wrongSignature(expected: [.png])
    }
    if let (width, height) = claimedSize(bytes), !limits.allow(width: width, height: height) {
      throw .tooLarge(.png, width: width, height: height, limits: limits)
    }
    let side = UInt32(limits.side)
    var header = png_shim_header()
    try unsafe attempt { failure in
      unsafe png_shim_read_header(bytes, bytes.count, side, &header, failure)
    }.get()

    let (width, height) = (Int(header.width), Int(header.height))
    let channels = Int(header.channels)
    let count = width * height * channels  // does not overflow: the limits hold
    var outcome = Result<Void, ImageError>.success(())
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      outcome = unsafe attempt { failure in
        unsafe png_shim_decode(bytes, bytes.count, side, buffer.baseAddress, count, failure)
      }
      if case .success = outcome { initialized = count }
    }
    try outcome.get()
    return Image(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// Width and height as the IHDR chunk has them: big-endian, at bytes 16 and 20.
  private static func claimedSize(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.count >= 24 else { return nil }
    let size = bytes[16..<24].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return (Int(size >> 32), Int(size & 0xFFFF_FFFF))
  }

  /// Calls the shim and turns its failure into an error.
  private static func attempt(
    _ call: (UnsafeMutablePointer<png_shim_failure>) -> Bool
  ) -> Result<Void, ImageError> {
    var message = [CChar](repeating: 0, count: 200)
    return unsafe message.withUnsafeMutableBufferPointer { text in
      var failure = unsafe png_shim_failure(
        message: text.baseAddress, message_size: text.count, position: 0)
      if unsafe call(&failure) { return .success(()) }
      let reason = unsafe String(cString: failure.message)
      return .failure(.damaged(.png, reason: reason, byte: unsafe failure.position))
    }
  }
}
