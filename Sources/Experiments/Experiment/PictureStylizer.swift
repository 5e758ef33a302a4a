import Imaging

/// A trained experiment that draws any picture in a style: what `atelier stylize --run` needs.
public protocol PictureStylizer: Experiment {
  /// The names of the styles that it has learnt, in the order of `StyleChoice.weights`; empty where any
  /// picture can be the style, which `StyleChoice.pictures` then gives.
  var learntStyles: [String] { get }

  /// The picture, drawn in a style at its own size. What does not fit in memory is drawn by tiles,
  /// which leave no seams: the result is that of the whole picture, but for rounding.
  ///
  /// - Parameters:
  ///   - picture: any size of 16 x 16 pixels and more; without its opacity.
  ///   - tile: height and width of what is drawn at a time, in pixels; nil for the whole where it fits
  ///     in memory, and otherwise for the largest tile that does.
  /// - Throws: `RunError` of kind `.unsuitable` for a choice or a picture that it cannot take, and
  ///   `Interruption` when the run's stop is raised.
  mutating func stylized(_ picture: Image, in style: StyleChoice, tile: Int?) throws -> Image
}

/// The style of a picture that is to be drawn.
public struct StyleChoice: Sendable, Hashable {
  /// Pictures of styles, where any can be; empty where styles have been learnt.
  public var pictures: [Image]
  /// What each picture, or each learnt style, counts for: 0 or more, not all 0; they are divided by
  /// their sum. Empty for the first learnt style alone, or for all pictures alike.
  public var weights: [Double]
  /// How much of the style there is, in 0 ... 1.
  public var strength: Double

  /// A choice of its parts.
  public init(pictures: [Image] = [], weights: [Double] = [], strength: Double = 1) {
    self.pictures = pictures
    self.weights = weights
    self.strength = strength
  }

  /// The shares of `count` styles, which add up to 1.
  ///
  /// - Parameter alone: whether without weights the first is alone; otherwise all are alike.
  /// - Throws: `.unsuitable` when the weights are not those of so many styles, or the strength is not
  ///   in 0 ... 1.
  public func shares(of count: Int, alone: Bool) throws(RunError) -> [Float] {
    guard (0...1).contains(strength) else {
      throw RunError(.unsuitable, "a strength of \(strength)", hint: "choose one in 0 ... 1")
    }
    if weights.isEmpty {
      return (0..<count).map { alone ? ($0 == 0 ? 1 : 0) : 1 / Float(count) }
    }
    guard weights.count == count else {
      throw RunError(
        .unsuitable, "\(weights.count) weights for \(count == 1 ? "1 style" : "\(count) styles")",
        hint: "give one for each")
    }
    let sum = weights.reduce(0, +)
    guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }), sum > 0, sum.isFinite else {
      throw RunError(
        .unsuitable, "weights of styles that cannot be: \(weights)",
        hint: "give numbers of 0 or more, not all 0")
    }
    return weights.map { Float($0 / sum) }
  }
}
