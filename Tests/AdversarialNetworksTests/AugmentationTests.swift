import AdversarialNetworks
import TensorEngine
import Testing

/// What the discriminator sees of augmented images.
struct AugmentationTests {
  private static let shape: Shape = [6, 2, 8, 8]
  private static let images: [Float] = (0..<shape.count).map { Float($0 * 37 % 101) / 101 + 0.5 }

  /// The augmented images, and the gradient of their sum of squares in the images.
  private func augmented(
    _ change: (inout AugmentationConfiguration) -> Void, of images: [Float] = images
  ) throws -> (images: [Float], gradient: [Float]) {
    var configuration = AugmentationConfiguration()
    change(&configuration)
    let graph = Graph()
    let x = graph.input("x", shape: Self.shape)
    let y = x.augmented(by: configuration, stream: "test")
    let gradient = graph.gradients(of: y.square().sum(), withRespectTo: [x])[0]
    let program = Workspace<Float>(threads: 1, seed: 3).load(
      try graph.compile(["y": y, "gradient": gradient]))
    program.set("x", to: images)
    program.run(step: 0)
    return (program["y"].scalars, program["gradient"].scalars)
  }

  private func image(_ scalars: [Float], _ index: Int) -> [Float] {
    Array(scalars[index * 128..<(index + 1) * 128])
  }

  @Test func nothingIsDoneUnlessItIsAskedFor() throws {
    #expect(try augmented { _ in }.images == Self.images)
  }

  @Test func brightnessIsOneNumberAnImage() throws {
    let found = try augmented { $0.brightness = 1 }.images
    var added: Set<Float> = []
    for index in 0..<6 {
      let differences = zip(image(found, index), image(Self.images, index)).map { $0 - $1 }
      for difference in differences { #expect(abs(difference - differences[0]) < 1e-5) }
      #expect(abs(differences[0]) <= 0.5)
      added.insert(differences[0])
    }
    #expect(added.count == 6)
  }

  @Test func contrastKeepsTheMean() throws {
    let found = try augmented { $0.contrast = 1 }.images
    for index in 0..<6 {
      let (new, old) = (image(found, index), image(Self.images, index))
      let (newMean, oldMean) = (new.reduce(0, +) / 128, old.reduce(0, +) / 128)
      #expect(abs(newMean - oldMean) < 1e-4)
      let factor = (new[5] - newMean) / (old[5] - oldMean)
      #expect((0.5...1.5).contains(factor))
      #expect(abs((new[77] - newMean) / (old[77] - oldMean) - factor) < 1e-3)
    }
  }

  @Test func aMovedImageIsTheSameElsewhere() throws {
    let result = try augmented { $0.translation = 0.25 }
    var moves: Set<[Int]> = []
    for index in 0..<6 {
      let (new, old) = (image(result.images, index), image(Self.images, index))
      let candidates = (-2...2).flatMap { row in (-2...2).map { [row, $0] } }
      let fitting = candidates.filter { move in
        (0..<128).allSatisfy { place in
          let (row, column) = (place % 64 / 8 - move[0], place % 8 - move[1])
          let inside = (0..<8).contains(row) && (0..<8).contains(column)
          return new[place] == (inside ? old[place / 64 * 64 + row * 8 + column] : 0)
        }
      }
      #expect(fitting.count == 1)
      moves.formUnion(fitting)
    }
    #expect(moves.count > 1)
    // The gradient of a sum of squares is 2x where a pixel stayed, 0 where it left.
    for (gradient, pixel) in zip(result.gradient, Self.images) {
      #expect(gradient == 0 || gradient == 2 * pixel)
    }
    #expect(result.gradient.contains(0))
  }

  @Test func aSquareIsCutOut() throws {
    let found = try augmented { $0.cutout = 0.5 }.images
    for index in 0..<6 {
      let (new, old) = (image(found, index), image(Self.images, index))
      let cut = (0..<128).filter { new[$0] == 0 }
      for place in 0..<128 where !cut.contains(place) { #expect(new[place] == old[place]) }
      let rows = Set(cut.map { $0 % 64 / 8 })
      let columns = Set(cut.map { $0 % 8 })
      #expect(cut.count == 2 * rows.count * columns.count)
      #expect((2...4).contains(rows.count) && (2...4).contains(columns.count))
    }
  }
}
