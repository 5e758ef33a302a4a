import Experiments
import FileFormats
import Imaging

/// Images of a test set at places in a plane.
struct EmbeddingMap {
  /// Pixels of a kept image's rows: it is shown much smaller.
  private static let greatestWidth = 64

  let method: EmbeddingMethod
  let places: [SIMD2<Double>]
  let images: [Image]
  let classes: [Int]
  let classNames: [String]
  var title = ""
  /// What the axes show; empty where they stand for nothing.
  var labels: [String] = []
  /// Figures of the method.
  var facts: [JSON.Member] = []

  init(method: EmbeddingMethod, places: [SIMD2<Double>], model: some TestImageModel) throws {
    self.method = method
    self.places = places
    images = try places.indices.map { place in
      let image = try model.testImage(place)
      guard image.width > Self.greatestWidth else { return image }
      return image.resized(
        width: Self.greatestWidth,
        height: max(1, image.height * Self.greatestWidth / image.width))
    }
    classes = places.indices.map { model.testLabel($0) }
    classNames = model.classNames
  }

  private var samples: [ScatterPlot.Sample] {
    zip(places, classes).map { .init(x: $0.x, y: $0.y, classIndex: $1) }
  }

  /// Writes `BASE.png` with a dot for each image, `BASE-images.png` and `BASE-images.svg` with the
  /// images themselves, and `BASE.csv`.
  ///
  /// - Returns: the paths.
  func write(to base: String) throws -> [String] {
    let (across, up) = (labels.first ?? "", labels.count > 1 ? labels[1] : "")
    let dots = ScatterPlot(
      title: title, horizontalLabel: across, verticalLabel: up, samples: samples,
      classNames: classNames)
    let thumbnails = ThumbnailPlot(dots, images: images)
    let files: [(String, [UInt8])] = [
      ("\(base).png", PNG.encode(dots.image())),
      ("\(base)-images.png", PNG.encode(thumbnails.image())),
      ("\(base)-images.svg", Array(thumbnails.svg().utf8)), ("\(base).csv", Array(table.utf8)),
    ]
    for (path, bytes) in files { try DurableFile.write(bytes, to: path) }
    return files.map(\.0)
  }

  /// A line for each image: its number, its class, where it is.
  private var table: String {
    let rows = places.indices.map { index in
      let name = classNames.isEmpty ? "" : classNames[classes[index]]
      return "\(index),\(Exports.quoted(name)),\(places[index].x),\(places[index].y)\n"
    }
    return "image,class,x,y\n" + rows.joined()
  }
}

extension PictureOptions {
  /// Writes a map's files, and prints where they are.
  func write(_ map: EmbeddingMap, of run: String) throws {
    let files = try map.write(to: base(as: "embedding-\(map.method.rawValue)", of: run))
    if format.json {
      format.print(
        .object(
          [
            .init("files", .array(files.map { .string($0) })),
            .init("method", .string(map.method.rawValue)),
            .init("count", .integer(Int64(map.places.count))),
          ] + map.facts))
    } else {
      for file in files { StandardStream.output.writeLine(file) }
    }
  }

  /// What the names of several files begin with: --output without `.png`, or a name made from the
  /// run's.
  func base(as kind: String, of run: String) -> String {
    guard let output else { return "\(Files.name(of: run))-\(kind)" }
    return output.hasSuffix(".png") ? String(output.dropLast(4)) : output
  }
}
