import Imaging

/// Shows the agent the picture that is drawn of the state: rows of pixels, `[height, width,
/// channels]` (Gymnasium's `AddRenderObservation`), on request grey and of another size.
public struct PictureObservation<Base: Environment>: EnvironmentWrapper {
  /// What the agent sees.
  public typealias Observation = [UInt8]
  /// What the agent does.
  public typealias Action = Base.Action
  /// What the base tells besides.
  public typealias Extras = Base.Extras

  /// The environment inside.
  public var base: Base
  private let isGrey: Bool
  private let width: Int
  private let height: Int

  /// Wraps an environment.
  ///
  /// - Parameters:
  ///   - isGrey: one channel, the luma of the three (ITU-R BT.601).
  ///   - size: the width and height; those of the picture unless they are given.
  public init(_ base: Base, isGrey: Bool = false, size: (width: Int, height: Int)? = nil) {
    self.base = base
    self.isGrey = isGrey
    let picture = base.render()
    width = size?.width ?? picture.width
    height = size?.height ?? picture.height
  }

  /// The observations there are.
  public var observationSpace: Space {
    .box(BoxSpace(0...255, shape: [height, width, isGrey ? 1 : 3], elementType: .uint8))
  }

  /// Writes what the agent sees now.
  public func observe(into observation: inout [UInt8]) {
    var picture = base.render().converted(to: isGrey ? 1 : 3)
    if picture.width != width || picture.height != height {
      picture = picture.resized(width: width, height: height)
    }
    observation = picture.pixels
  }
}
