import Datasets
import Experiments
import FileFormats
import TensorEngine

/// The images of two sides, A and B, of one size.
struct ImageSides {
  /// A side's images of one split.
  typealias Split = (a: ImageSet, b: ImageSet)

  /// To learn from.
  let train: Split
  /// To be judged by.
  let test: Split
  /// Whether images of the same number are partners.
  let arePairs: Bool
  /// The files they were read from.
  let files: [DatasetFile]

  /// What the name of a data set begins with that is a folder.
  static let folderPrefix = "folder:"

  /// Loads what a configuration names.
  ///
  /// - Throws: what loading the images throws; `.unsupported` when a folder has not two folders in
  ///   it, and `.notFound` when an image has no partner but pix2pix needs one.
  init(_ configuration: TranslationConfiguration, in context: RunContext) throws {
    switch configuration.sides {
    case .edges:
      let data = try configuration.data.load(batchSize: configuration.batchSize, in: context)
      train = (data.train.edges(), data.train)
      test = (data.test.edges(), data.test)
      arePairs = true
      files = data.files
    case .folders:
      let path = String(configuration.data.dataset.dropFirst(Self.folderPrefix.count))
      let folders = try Self.folders(in: path)
      func load(_ folder: String) throws -> Dataset {
        var side = configuration.data
        side.dataset = Self.folderPrefix + folder
        return try side.load(batchSize: configuration.batchSize, in: context)
      }
      let (a, b) = (try load(folders.a), try load(folders.b))
      train = (a.train, b.train)
      test = (a.test, b.test)
      let lone = Self.loneFile(a, in: folders.a, b, in: folders.b)
      arePairs = lone == nil
      files = a.files + b.files
      if configuration.method == .pix2pix, let lone {
        throw FileError(
          .notFound, path: lone.path, "has no partner of the same name in \(lone.otherFolder)",
          hint: "add it, or set method to cycle, which needs no pairs")
      }
    }
  }

  /// The shape of an image, [C, H, W].
  var image: Shape { [train.b.channels, train.b.height, train.b.width] }

  /// The two folders in a folder, by name.
  private static func folders(in path: String) throws(FileError) -> (a: String, b: String) {
    let folders = try Files.names(in: path).filter { !$0.hasPrefix(".") }.sorted()
      .map { "\(path)/\($0)" }.filter { Files.kind(of: $0) == .folder }
    guard folders.count == 2 else {
      throw FileError(
        .unsupported, path: path, "expected 2 folders in it, found \(folders.count)",
        hint: "put the images of side A and of side B into a folder each")
    }
    return (folders[0], folders[1])
  }

  /// The first file whose name the other side has not. One in ten of a folder is for testing by its
  /// name alone, so that partners are on the same side of that.
  private static func loneFile(
    _ a: Dataset, in folderA: String, _ b: Dataset, in folderB: String
  ) -> (path: String, otherFolder: String)? {
    func names(_ data: Dataset, _ folder: String) -> [String] {
      data.files.map { String($0.path.dropFirst(folder.count + 1)) }
    }
    let (namesA, namesB) = (names(a, folderA), names(b, folderB))
    let (knownA, knownB) = (Set(namesA), Set(namesB))
    if let name = namesA.first(where: { !knownB.contains($0) }) {
      return ("\(folderA)/\(name)", folderB)
    }
    return namesB.first { !knownA.contains($0) }.map { ("\(folderB)/\($0)", folderA) }
  }
}
