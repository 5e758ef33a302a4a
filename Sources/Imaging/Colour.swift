/// An sRGB colour of 8 bits a channel with an opacity, not premultiplied.
public struct Colour: Sendable, Hashable {
  /// The red part, 0...255.
  public var red: UInt8
  /// The green part, 0...255.
  public var green: UInt8
  /// The blue part, 0...255.
  public var blue: UInt8
  /// The opacity: 0 is invisible, 255 covers what is below.
  public var alpha: UInt8

  /// A colour of its parts.
  public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// The colour written as in CSS: `Colour(0x3F90DA)` is `#3f90da`.
  public init(_ hexadecimal: UInt32) {
    self.init(
      red: UInt8(hexadecimal >> 16 & 0xFF), green: UInt8(hexadecimal >> 8 & 0xFF),
      blue: UInt8(hexadecimal & 0xFF))
  }

  /// White, opaque.
  public static let white = Colour(0xFFFFFF)
  /// Black, opaque.
  public static let black = Colour(0x000000)

  /// The same colour with an opacity in 0...1.
  public func withOpacity(_ opacity: Double) -> Colour {
    precondition(opacity >= 0 && opacity <= 1, "opacity \(opacity) is not in 0...1")
    var colour = self
    colour.alpha = UInt8((opacity * 255).rounded())
    return colour
  }

  /// The brightness of the colour as grey, 0...255: the luma of ITU-R BT.601, as JPEG has it.
  public var luma: UInt8 {
    let thousandths = 299 * Int(red) + 587 * Int(green) + 114 * Int(blue)
    return UInt8((thousandths + 500) / 1000)
  }

  /// What is seen where this colour lies over an opaque one.
  public func blended(over below: Colour) -> Colour {
    Colour(
      red: Self.mix(red, below.red, alpha), green: Self.mix(green, below.green, alpha),
      blue: Self.mix(blue, below.blue, alpha))
  }

  /// `above` where `coverage` is 255, `below` where it is 0, and rounded steps between.
  static func mix(_ above: UInt8, _ below: UInt8, _ coverage: UInt8) -> UInt8 {
    let weight = Int(coverage)
    let sum = Int(above) * weight + Int(below) * (255 - weight)
    return UInt8((sum + 127) / 255)
  }
}
