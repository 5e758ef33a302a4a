import FileFormats
import Imaging

/// A PNG picture that a run wrote.
struct RunPicture {
  /// Its name: `latent-grid`.
  let name: String
  /// The epoch after which it was drawn; nil for the last.
  let epoch: Int?
  /// The file.
  let bytes: [UInt8]
  /// What it shows.
  let image: Image

  /// Pictures larger than this are left out of reports and exports.
  private static let greatestSize = 16 << 20

  /// The plot that every run draws of its measures, which is not a picture of the model's.
  private static let plotName = "losses"

  /// The pictures of the last epoch.
  static func last(of folder: RunFolder) -> [RunPicture] {
    pictures(in: folder.images, epoch: nil)
  }

  /// The pictures of earlier epochs, ascending, then those of the last.
  static func all(of folder: RunFolder) -> [RunPicture] {
    let names = (try? Files.names(in: folder.images)) ?? []
    let epochs = names.compactMap { name -> Int? in
      guard let epoch = Int(name.dropFirst("epoch-".count)),
        folder.images(after: epoch) == "\(folder.images)/\(name)"
      else { return nil }
      return epoch
    }.sorted()
    return epochs.flatMap { pictures(in: folder.images(after: $0), epoch: $0) } + last(of: folder)
  }

  /// The whole PNG files of a folder, sorted by name; damaged ones are passed over.
  private static func pictures(in folder: String, epoch: Int?) -> [RunPicture] {
    let names = ((try? Files.names(in: folder)) ?? []).filter { $0.hasSuffix(".png") }
    return names.compactMap { file in
      let name = String(file.dropLast(".png".count))
      guard name != plotName, !name.hasPrefix("."),
        let bytes = try? Files.read("\(folder)/\(file)", limit: greatestSize),
        let image = try? PNG.decode(bytes)
      else { return nil }
      return RunPicture(name: name, epoch: epoch, bytes: bytes, image: image)
    }
  }
}
