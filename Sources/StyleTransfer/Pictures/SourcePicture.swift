import Experiments
import FileFormats
import Imaging

/// A picture that a person named: a PNG or JPEG file, or one that is drawn here ("drawn:NAME").
public struct SourcePicture: Sendable {
  /// As it was named.
  public let name: String
  /// Three channels; opacity is blended over white.
  public let image: Image
  /// SHA-256 of the file, or of the drawn samples.
  let sha256: String

  /// What the name of a drawing begins with.
  public static let drawnPrefix = "drawn:"
  /// Fewer pixels a side than this are no picture.
  static let leastSide = 16

  /// - Throws: `FileError` when the file cannot be read; `.unsuitable` when there is no such drawing,
  ///   or too little to be seen.
  public init(named name: String) throws {
    self.name = name
    guard name.hasPrefix(Self.drawnPrefix) else {
      let file = try ImageFile(reading: name)
      guard min(file.image.width, file.image.height) >= Self.leastSide else {
        throw RunError(
          .unsuitable, "\(name) has \(file.image.width)x\(file.image.height) pixels",
          hint: "a picture needs \(Self.leastSide) a side")
      }
      image = file.image.converted(to: 3)
      sha256 = SHA256.hexadecimal(of: file.content)
      return
    }
    let drawing = String(name.dropFirst(Self.drawnPrefix.count))
    guard let drawn = DrawnPicture(rawValue: drawing) else {
      let known = DrawnPicture.allCases.map(\.rawValue)
      throw RunError(
        .unsuitable, "there is no drawing '\(drawing.printable())'",
        hint: nearest(to: drawing, in: known).map { "did you mean '\(Self.drawnPrefix)\($0)'?" }
          ?? "the drawings are \(known.joined(separator: ", "))")
    }
    image = drawn.image
    sha256 = SHA256.hexadecimal(of: image.pixels)
  }

  /// The image, brought to a longer side of so many pixels.
  public func image(longerSide: Int?) -> Image { longerSide.map(image.fitted(to:)) ?? image }

  /// What a run records of it.
  var source: ExperimentDescription.Source {
    .init(name: Files.name(of: name), sha256: sha256)
  }
}
