import Datasets
import Experiments
import FileFormats
import Imaging

/// A picture whose style is learnt.
struct LearntStyle {
  /// Its name, for captions.
  let name: String
  /// The picture, in colour.
  let picture: Image
  /// The file it was read from.
  let source: ExperimentDescription.Source?

  /// What the name of a picture begins with that the program draws.
  private static let drawn = "pattern:"

  /// Reads or draws the picture that a configuration names.
  ///
  /// - Parameters:
  ///   - size: what its shorter side is brought to, in pixels.
  ///   - least: the least of either side.
  /// - Throws: `FileError` when the file cannot be read or has no picture, and `.unsuitable` when a
  ///   pattern has no number.
  init(_ text: String, size: Int) throws {
    if text.hasPrefix(Self.drawn) {
      guard let number = Int(text.dropFirst(Self.drawn.count)), (0...1_000_000).contains(number)
      else {
        throw RunError(
          .unsuitable, "the style '\(text)' has no number in 0 ... 1000000",
          hint: "write \(Self.drawn)1, or the path of a picture")
      }
      name = "pattern \(number)"
      picture = Pattern.image(number: number, size: size)
      source = nil
      return
    }
    let bytes = try Files.read(text, limit: 256 << 20)
    let image: Image
    do {
      image = try Image(decoding: bytes).converted(to: 3)
    } catch {
      throw FileError(.damaged, path: text, error.description)
    }
    let side = min(image.width, image.height)
    func scaled(_ length: Int) -> Int {
      max(1, Int((Double(length) * Double(size) / Double(side)).rounded()))
    }
    // A very long picture would take memory without end.
    guard max(image.width, image.height) <= 16 * side else {
      throw FileError(
        .unsupported, path: text, "a picture of \(image.width)x\(image.height) pixels",
        hint: "its sides may differ by a factor of 16")
    }
    let file = Files.name(of: text)
    name = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    picture = image.resized(width: scaled(image.width), height: scaled(image.height))
    source = .init(name: file, sha256: SHA256.hexadecimal(of: bytes))
  }
}
