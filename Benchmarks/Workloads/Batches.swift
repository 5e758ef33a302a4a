import Datasets
import FileFormats
import Randomness
import TensorEngine

/// Rows in memory, a batch at a time: each epoch is a fresh random order, and what is left at its
/// end is dropped. Nothing is allocated after the first batch.
struct ShuffledRows<Element: Sendable> {
  private let rows: [Element]
  private let rowSize: Int
  private let batchSize: Int
  private var order: [Int32]
  private var position: Int
  private var random: RandomStream
  private var batch: [Element] = []

  /// - Parameters:
  ///   - rows: one after another, each of `rowSize` elements.
  ///   - batchSize: rows of a batch; at most as many as there are.
  init(_ rows: [Element], rowSize: Int, batchSize: Int, seed: UInt64) {
    let count = rows.count / rowSize
    precondition((1...max(1, count)).contains(batchSize), "\(batchSize) of \(count) rows")
    self.rows = rows
    self.rowSize = rowSize
    self.batchSize = batchSize
    order = Array(0..<Int32(count))
    position = count
    random = RandomStream(seed: seed, name: "order")
    batch.reserveCapacity(batchSize * rowSize)
  }

  /// The next batch, row after row.
  mutating func next() -> [Element] {
    if position + batchSize > order.count {
      for last in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(last, random.integer(below: last + 1))
      }
      position = 0
    }
    batch.removeAll(keepingCapacity: true)
    for row in order[position..<(position + batchSize)] {
      batch += rows[(Int(row) * rowSize)..<((Int(row) + 1) * rowSize)]
    }
    position += batchSize
    return batch
  }
}

/// Where batches of images come from: the tensor that stands for one in a graph, and its feed.
struct ImageSource {
  /// The batch as real numbers.
  let tensor: (Graph) -> Tensor
  /// Gives a program the next batch.
  let feed: (LoadedProgram<Float>) -> Void

  /// Files that are being read while networks are drawn.
  typealias Reading = BackgroundWork<Result<IDX, FileError>>

  private static let fashionFile = "train-images-idx3-ubyte.gz"

  /// Begins to read the training images of Fashion-MNIST.
  static func readFashion(_ settings: BenchmarkSettings) -> Reading {
    let path = settings.imageFolder + "/" + fashionFile
    return BackgroundWork {
      Result { () throws(FileError) in try IDX.decode(Files.read(path), path: path) }
    }
  }

  /// The training images of Fashion-MNIST as bytes, turned to numbers in the program.
  ///
  /// - Parameters:
  ///   - reading: what `readFashion` began.
  ///   - shape: of a batch; 784 numbers an image.
  ///   - scaled: what becomes of the bytes as real numbers.
  static func fashion(
    _ reading: Reading, _ shape: Shape, _ settings: BenchmarkSettings,
    scaled: @escaping (Tensor) -> Tensor
  ) throws -> ImageSource {
    let images = try reading.value().get()
    guard images.shape.count == 3, images.shape[1...] == [28, 28], images.shape[0] >= shape[0]
    else {
      throw FileError(
        .damaged, path: settings.imageFolder + "/" + fashionFile,
        "an array of \(images.shape), expected at least \(shape[0]) images of 28x28")
    }
    var rows = ShuffledRows(
      images.bytes, rowSize: 784, batchSize: shape[0], seed: settings.seed)
    return ImageSource(
      tensor: { scaled($0.input("images", shape: shape, type: .byte).real()) },
      feed: { $0.set("images", to: rows.next()) })
  }

  /// A number of images of even random numbers in -1 ... 1.
  static func random(
    _ shape: Shape, count: Int, _ settings: BenchmarkSettings
  ) -> ImageSource {
    var rows = ShuffledRows(
      randomNumbers(count * shape.count / shape[0], settings).map { 2 * $0 - 1 },
      rowSize: shape.count / shape[0], batchSize: shape[0], seed: settings.seed)
    return ImageSource(
      tensor: { $0.input("images", shape: shape) }, feed: { $0.set("images", to: rows.next()) })
  }

  /// Even random numbers in 0 ..< 1.
  static func randomNumbers(_ count: Int, _ settings: BenchmarkSettings) -> [Float] {
    var random = RandomStream(seed: settings.seed, name: "images")
    return (0..<count).map { _ in random.uniform() }
  }
}
