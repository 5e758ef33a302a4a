import Datasets
import Imaging
import Randomness
import RealModule

/// Square parts of pictures, chosen by chance: where, how large and whether mirrored. What crop a
/// number gives is a function of the seed.
struct RandomCrops {
  /// [3, side, side] bytes each, at least `side` high and wide.
  private let pictures: [Image]
  /// Height and width of a crop.
  private let side: Int
  /// The longest side of a part over that of a crop.
  private let greatestScale: Double
  private let seed: UInt64
  /// What the crops are for: others for training and for tests.
  private let name: String

  /// - Parameter pictures: of three channels; smaller ones are enlarged to the side of a crop.
  init(
    of pictures: [Image], side: Int, greatestScale: Double, seed: UInt64, name: String
  ) {
    precondition(!pictures.isEmpty, "there is nothing to cut crops from")
    self.pictures = pictures.map { picture in
      let shorter = min(picture.width, picture.height)
      guard shorter < side else { return picture }
      return picture.resized(
        width: picture.width * side / shorter, height: picture.height * side / shorter)
    }
    (self.side, self.greatestScale, self.seed, self.name) = (side, greatestScale, seed, name)
  }

  /// The crop of a number, [3, side, side].
  func crop(_ number: Int) -> [UInt8] {
    var random = RandomStream(seed: seed, name: name, index: UInt64(number))
    let picture = pictures[random.integer(below: pictures.count)]
    let greatest = min(
      Double(min(picture.width, picture.height)), Double(side) * greatestScale)
    let extent = Int(
      Double(side) * Double.pow(greatest / Double(side), random.uniformDouble()))
    let (left, top) = (
      random.integer(below: picture.width - extent + 1),
      random.integer(below: picture.height - extent + 1)
    )
    let part = picture.part(left: left, top: top, extent: extent).resized(width: side, height: side)
    return random.uniform() < 0.5 ? part.planarPixels : part.mirrored.planarPixels
  }
}

extension Image {
  /// The square of `extent` pixels a side whose first pixel is at (left, top).
  fileprivate func part(left: Int, top: Int, extent: Int) -> Image {
    var part: [UInt8] = []
    part.reserveCapacity(extent * extent * channels)
    for y in top..<top + extent {
      let start = (y * width + left) * channels
      part += pixels[start..<start + extent * channels]
    }
    return Image(width: extent, height: extent, channels: channels, pixels: part)
  }

  /// Left and right exchanged.
  fileprivate var mirrored: Image {
    var mirrored: [UInt8] = []
    mirrored.reserveCapacity(pixels.count)
    for y in 0..<height {
      for x in stride(from: width - 1, through: 0, by: -1) {
        let start = (y * width + x) * channels
        mirrored += pixels[start..<start + channels]
      }
    }
    return Image(width: width, height: height, channels: channels, pixels: mirrored)
  }
}

extension ImageSet {
  /// The images by themselves, of three channels.
  var pictures: [Image] {
    let size = channels * height * width
    return (0..<count).map { index in
      let planar = pixels[index * size..<(index + 1) * size]
      return Image(
        planar: planar.map { Float($0) / 255 }, channels: channels, height: height, width: width
      ).converted(to: 3)
    }
  }
}
