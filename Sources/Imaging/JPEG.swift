// Unsafe: the calls of libjpeg's shim take pointers. Each is to an array, valid for the call, and
// goes with its size; the shim keeps none. The one block it returns is copied and freed here.
import CJPEG
import Glibc

/// JPEG files (ITU-T T.81) in memory, by libjpeg.
public enum JPEG {
  /// The most pixels a byte of the file can hold. Every 8x8 block of every component costs at least
  /// a bit in Huffman coding, which is 512 pixels a byte; odd sampling factors may double that.
  private static let mostPixelsPerByte = 1024

  /// The file of an image, with full-resolution colour. Opacity is blended over white.
  ///
  /// - Parameter quality: libjpeg's scale, 1 (worst) to 100.
  public static func encode(_ image: Image, quality: Int = 92) -> [UInt8] {
    precondition(1...100 ~= quality, "quality \(quality) is not in 1...100")
    precondition(
      max(image.width, image.height) <= 65_500, "a JPEG has at most 65,500 pixels a side")
    let image = image.channels == 4 ? image.converted(to: 3) : image
    var file: UnsafeMutablePointer<UInt8>?
    var size = 0
    let outcome = unsafe attempt { failure in
      unsafe jpeg_shim_encode(
        image.pixels, image.pixels.count, UInt32(image.width), UInt32(image.height),
        UInt32(image.channels), Int32(quality), &file, &size, failure)
    }
    guard case .success = outcome, let file = unsafe file else {
      fatalError("libjpeg refused an image of \(image.width)x\(image.height): \(outcome)")
    }
    defer { unsafe free(file) }
    return unsafe Array(UnsafeBufferPointer(start: file, count: size))
  }

  /// The image of a file, grey or RGB, turned upright as its Exif orientation says. Baseline and
  /// progressive files of 8 bits a sample are read; a few damaged places are patched over by
  /// libjpeg, a file that ends early is an error.
  public static func decode(
    _ bytes: [UInt8], limits: ImageLimits = .default
  ) throws(ImageError) -> Image {
    guard bytes.starts(with: ImageFormat.jpeg.signature) else {
      throw .wrongSignature(expected: [.jpeg])
    }
    var header = jpeg_shim_header()
    try unsafe attempt { failure in
      unsafe jpeg_shim_read_header(bytes, bytes.count, &header, failure)
    }.get()
    let (width, height) = (Int(header.width), Int(header.height))
    try check(header, size: bytes.count, limits: limits)

    let channels = header.colours == jpeg_shim_grey ? 1 : 3
    let count = width * height * channels  // does not overflow: the limits hold
    var outcome = Result<Void, ImageError>.success(())
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      outcome = unsafe attempt { failure in
        unsafe jpeg_shim_decode(bytes, bytes.count, buffer.baseAddress, count, failure)
      }
      if case .success = outcome { initialized = count }
    }
    try outcome.get()
    return Image(width: width, height: height, channels: channels, pixels: pixels)
      .oriented(ExifOrientation(jpeg: bytes))
  }

  /// What has to hold before memory is taken for the pixels.
  private static func check(
    _ header: jpeg_shim_header, size: Int, limits: ImageLimits
  ) throws(ImageError) {
    let (width, height) = (Int(header.width), Int(header.height))
    guard limits.allow(width: width, height: height) else {
      throw .tooLarge(.jpeg, width: width, height: height, limits: limits)
    }
    guard header.colours != jpeg_shim_other else {
      throw .unsupported(.jpeg, feature: "CMYK or other print colours", expected: "grey or RGB")
    }
    guard !header.arithmetic_coding else {
      throw .unsupported(.jpeg, feature: "arithmetic coding", expected: "Huffman coding")
    }
    guard width * height / mostPixelsPerByte <= size else {
      throw .damaged(
        .jpeg, reason: "\(size) bytes cannot hold the \(width)x\(height) pixels it promises",
        byte: size)
    }
  }

  /// Calls the shim and turns its failure into an error.
  private static func attempt(
    _ call: (UnsafeMutablePointer<jpeg_shim_failure>) -> Bool
  ) -> Result<Void, ImageError> {
    var message = [CChar](repeating: 0, count: 200)
    return unsafe message.withUnsafeMutableBufferPointer { text in
      var failure = unsafe jpeg_shim_failure(
        message: text.baseAddress, message_size: text.count, position: 0)
      if unsafe call(&failure) { return .success(()) }
      let reason = unsafe String(cString: failure.message)
      return .failure(.damaged(.jpeg, reason: reason, byte: unsafe failure.position))
    }
  }
}
