import ArgumentParser
import Datasets
import Experiments
import FileFormats
import Imaging

/// `atelier data show`: training images, and what augmentation makes of them.
struct DataShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Draw training images, and what augmentation makes of them.",
    discussion: """
      Examples:
        atelier data show fashion-mnist
        atelier data show fashion-mnist rotation=15 zoom=0.2 -o turned.png
        atelier data show folder:photos --size 96 horizontalFlip=0.5 brightness=0.3 fill=reflect

      Without keys the first images are drawn. With keys of augmentation each row begins with an image
      as it is, and goes on with what chance makes of it.
      """)

  @Argument(
    help: ArgumentHelp("A data set's name.", valueName: "name"),
    completion: .custom(Completions.datasets))
  var name: String

  @Argument(
    help: ArgumentHelp(
      "Keys of augmentation, as in rotation=15; 'atelier config classify-fashion --schema' lists them.",
      valueName: "key=value"))
  var changes: [String] = []

  @Option(name: .long, help: ArgumentHelp("Rows of the sheet.", valueName: "n"))
  var rows = 8

  @Option(name: .long, help: ArgumentHelp("Images a row.", valueName: "n"))
  var columns = 10

  @Option(
    name: .long, help: ArgumentHelp("Height and width of a folder's images.", valueName: "pixels"))
  var size: Int?

  @Option(name: .long, help: ArgumentHelp("The seed of the changes.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var folder: DataOptions
  @OptionGroup var picture: PictureOptions

  /// Bytes of all images of a sheet: what a picture of 16,384 pixels a side takes.
  private static let greatestSheet = 1 << 28

  func validate() throws {
    try requireCount(rows, named: "--rows", in: 1...100)
    try requireCount(columns, named: "--columns", in: 1...100)
    if let size { try requireCount(size, named: "--size") }
  }

  func run() throws {
    let augmentation = try resolve(ImageAugmentation.self, overrides: changes)
    try DataVerifyCommand.checkName(name)
    // A folder of any size gives as many images as the sheet has room for.
    let data = try DatasetCatalog.open(
      name,
      DatasetOptions(
        folder: folder.path, limit: rows * columns, size: size), memoryLimit: 0)
    let images = data.train
    let shown = min(augmentation.isNone ? rows * columns : rows, images.count)
    let cellCount = augmentation.isNone ? shown : shown * columns
    guard cellCount * images.imageSize <= Self.greatestSheet else {
      throw ValidationError(
        "\(cellCount) images of \(images.height)x\(images.width) are no sheet; give fewer --rows or "
          + "--columns, or a smaller --size.")
    }
    var pixels: [UInt8] = []
    try images.gather((0..<shown).map { Int32($0) }, into: &pixels)
    let originals = Self.images(pixels, like: images)
    let cells =
      augmentation.isNone
      ? originals : varied(originals, pixels, by: augmentation, like: images)
    let sheet = ImageGrid(images: cells, columns: columns, scale: images.width <= 32 ? 2 : 1)
    try picture.write(
      sheet.image(), as: "images", of: data.name,
      facts: [
        .init("count", .integer(Int64(cells.count))), .init("seed", .string(String(seed))),
      ])
  }

  /// Each image, and after it what chance makes of it in as many steps as there are columns left.
  private func varied(
    _ originals: [Image], _ pixels: [UInt8], by augmentation: ImageAugmentation,
    like source: any ImageSource
  ) -> [Image] {
    var rows = originals.map { [$0] }
    for step in 0..<columns - 1 {
      var changed = pixels
      augmentation.apply(
        to: &changed, channels: source.channels, height: source.height, width: source.width,
        seed: seed, step: step)
      for (row, image) in Self.images(changed, like: source).enumerated() {
        rows[row].append(image)
      }
    }
    return rows.flatMap { $0 }
  }

  private static func images(_ pixels: [UInt8], like source: any ImageSource) -> [Image] {
    let count = pixels.count / source.imageSize
    let set = ImageSet(
      channels: source.channels, height: source.height, width: source.width, pixels: pixels,
      labels: [Int32](repeating: 0, count: count), classNames: source.classNames)
    return (0..<count).map(set.image)
  }
}
