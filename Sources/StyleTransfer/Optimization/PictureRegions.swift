import Experiments
import Imaging
import TensorEngine

/// Regions of a content that take the style of regions of another picture: the colours of two
/// pictures that lie over them.
struct PictureRegions {
  /// The regions of the content.
  let ofContent: RegionMap
  /// The regions of the style.
  let ofStyle: RegionMap
  /// The share of the content that each region covers.
  let shares: [Double]

  var count: Int { ofContent.count }

  /// More colours than this are not regions but a photograph.
  private static let greatestCount = 16

  /// - Throws: `.unsuitable` when the colours do not go together.
  init(content: SourcePicture, style: SourcePicture) throws(RunError) {
    let colours = content.image.distinctColours(limit: Self.greatestCount)
    guard let colours else {
      throw RunError(
        .unsuitable,
        "regions.content \(content.name) has more than \(Self.greatestCount) colours",
        hint: "paint each region in one colour, without soft edges, and save it as PNG")
    }
    let known = style.image.distinctColours(limit: 4 * Self.greatestCount) ?? []
    if let missing = colours.first(where: { !known.contains($0) }) {
      throw RunError(
        .unsuitable,
        "regions.style \(style.name) lacks the colour \(missing.hexadecimal) of regions.content",
        hint: "paint where that region takes its style from")
    }
    ofContent = RegionMap(image: content.image.converted(to: 3), colours: colours)
    ofStyle = RegionMap(image: style.image.converted(to: 3), colours: colours)
    let counts = ofContent.covered(width: content.image.width, height: content.image.height)
      .map { $0.reduce(0) { $0 + Double($1) } }
    let sum = counts.reduce(0, +)
    shares = counts.map { $0 / sum }
  }
}

/// Where each region of a picture is.
struct RegionMap {
  let image: Image
  let colours: [Colour]

  var count: Int { colours.count }

  /// How much the places of features [1, C, H, W] belong to a region; evenly much where it is too
  /// small to be seen there.
  func weights(_ region: Int, at features: Tensor, _ name: String) -> PlaceWeights {
    let (height, width) = (features.shape[2], features.shape[3])
    let map = self
    let value = TensorValue<Float>(shape: [1, 1, height, width]) {
      let covered = map.covered(width: width, height: height)[region]
      let sum = covered.reduce(0, +)
      return sum > 0 ? covered.map { $0 / sum } : covered.map { _ in 1 / Float(covered.count) }
    }
    return PlaceWeights(
      weights: features.graph.state("\(name).region\(region).\(height)x\(width)", initial: value))
  }

  /// The share of each place, of a picture of some size, that each region covers: [region][place].
  func covered(width: Int, height: Int) -> [[Float]] {
    var covered = [[Float]](
      repeating: [Float](repeating: 0, count: width * height), count: colours.count)
    // The areas that the pixels of this size and the map's have in common, along each side.
    let columns = Self.overlaps(image.width, width)
    let rows = Self.overlaps(image.height, height)
    for row in rows {
      for column in columns {
        let colour = image.colour(x: column.source, y: row.source)
        guard let region = colours.firstIndex(of: colour) else { continue }
        covered[region][row.place * width + column.place] += Float(row.share * column.share)
      }
    }
    return covered
  }

  /// Which of `count` pixels lie in which of `places` places of the same line, and what share of
  /// the place each fills.
  private static func overlaps(
    _ count: Int, _ places: Int
  ) -> [(source: Int, place: Int, share: Double)] {
    (0..<places).flatMap { place in
      let start = Double(place) * Double(count) / Double(places)
      let end = Double(place + 1) * Double(count) / Double(places)
      return (Int(start)..<min(count, Int(end.rounded(.up)))).map { source in
        (source, place, (min(end, Double(source + 1)) - max(start, Double(source))) / (end - start))
      }
    }
  }
}

extension Image {
  /// Its colours in the order they are met, or nil when there are more than `limit`.
  fileprivate func distinctColours(limit: Int) -> [Colour]? {
    var found: [Colour] = []
    let image = converted(to: 3)
    for y in 0..<height {
      for x in 0..<width {
        let colour = image.colour(x: x, y: y)
        if found.last == colour || found.contains(colour) { continue }
        guard found.count < limit else { return nil }
        found.append(colour)
      }
    }
    return found
  }
}

extension Colour {
  /// As it is written in CSS, such as #3f90da.
  fileprivate var hexadecimal: String {
    "#"
      + [red, green, blue].map { part in
        let digits = String(part, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }
}
