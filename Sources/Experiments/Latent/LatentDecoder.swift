import Imaging
import Randomness

extension LatentDecoder {
  /// No classes.
  public var toldClasses: [String] { [] }

  /// Numbers of a latent point before the classes.
  public var plainSize: Int { latentSize - toldClasses.count }

  /// The numbers of a class at the end of a latent point.
  public func oneHot(_ place: Int) -> [Float] {
    toldClasses.indices.map { $0 == place ? 1 : 0 }
  }

  /// Points of the standard normal distribution, each class in its turn.
  public func priorLatents(count: Int, seed: UInt64) -> [[Float]] {
    var stream = RandomStream(seed: seed, name: "latent samples")
    return (0..<count).map { place in
      (0..<plainSize).map { _ in Float(stream.normal()) }
        + oneHot(place % max(1, toldClasses.count))
    }
  }

  /// Images decoded from points of the prior.
  public mutating func sample(count: Int, seed: UInt64) throws -> [Image] {
    try decode(priorLatents(count: count, seed: seed))
  }

  /// As many points of the prior as can be asked for.
  public var exampleCount: Int { 4096 }

  /// Points of the prior.
  public mutating func examples(_ places: [Int], seed: UInt64) throws -> [LatentExample] {
    let latents = priorLatents(count: (places.max() ?? 0) + 1, seed: seed)
    return places.map { LatentExample(latent: latents[$0]) }
  }

  /// The dimensions by how much images of the prior change where one number goes from -1.5 to 1.5.
  public mutating func usedDimensions() throws -> [Int] {
    let points = priorLatents(count: 8, seed: 1)
    var changes = [Int](repeating: 0, count: plainSize)
    for dimension in 0..<plainSize {
      let images = try decode(
        points.flatMap { point in
          [Float(-1.5), 1.5].map { value in
            var moved = point
            moved[dimension] = value
            return moved
          }
        })
      for place in stride(from: 0, to: images.count, by: 2) {
        for (a, b) in zip(images[place].pixels, images[place + 1].pixels) {
          changes[dimension] += (Int(a) - Int(b)) * (Int(a) - Int(b))
        }
      }
    }
    return changes.indices.sorted { (-changes[$0], $0) < (-changes[$1], $1) }
  }
}

extension LatentModel {
  /// The images of the test set.
  public var exampleCount: Int { testCount }

  /// The latent points of images of the test set.
  public mutating func examples(_ places: [Int], seed: UInt64) throws -> [LatentExample] {
    try places.map {
      LatentExample(latent: try encode($0..<$0 + 1)[0], image: try testImage($0))
    }
  }

  /// The dimensions, those in which the latent points of 2,000 images of the test set vary most first.
  public mutating func usedDimensions() throws -> [Int] {
    let latents = try encode(0..<min(2000, testCount))
    return Self.dimensionsByUse(of: latents, size: plainSize)
  }

  /// The dimensions, those of the greatest variance first.
  static func dimensionsByUse(of latents: [[Float]], size: Int) -> [Int] {
    let spreads = (0..<size).map { dimension in
      let values = latents.map { Double($0[dimension]) }
      let mean = values.reduce(0, +) / Double(values.count)
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    return spreads.indices.sorted { (-spreads[$0], $0) < (-spreads[$1], $1) }
  }

  /// The mean latent point of the images of a class in the test set.
  ///
  /// - Parameters:
  ///   - label: a class with images among the first `limit`.
  ///   - latents: of the first images of the test set.
  func meanLatent(of label: Int, in latents: [[Float]]) -> [Float] {
    let members = latents.indices.filter { testLabel($0) == label }
    return (0..<latentSize).map { number in
      members.reduce(0) { $0 + latents[$1][number] } / Float(max(1, members.count))
    }
  }
}
