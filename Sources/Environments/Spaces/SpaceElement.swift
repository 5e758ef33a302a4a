import FileFormats

/// A value of a space whose type is not known, as command lines and files give it.
public indirect enum SpaceValue: Sendable, Hashable {
  /// A value of a discrete space.
  case integer(Int)
  /// A value of a space of arrays, row-major.
  case numbers([Double])
  /// One value of each of several spaces.
  case tuple([SpaceValue])

  /// Its numbers, those of a tuple one after another.
  public var numbers: [Double] {
    switch self {
    case .integer(let value): [Double(value)]
    case .numbers(let values): values
    case .tuple(let values): values.flatMap(\.numbers)
    }
  }

  /// As it is printed: a number, or a list.
  public var json: JSON {
    switch self {
    case .integer(let value): .integer(Int64(value))
    case .numbers(let values): .array(values.map { .number($0) })
    case .tuple(let values): .array(values.map(\.json))
    }
  }

  /// The value of a space that a JSON value gives; nil when it is none of the space.
  public init?(_ json: JSON, in space: Space) {
    let value: SpaceValue?
    switch space {
    case .discrete: value = json.integerValue.map { .integer($0) }
    case .box, .multiDiscrete, .multiBinary:
      let elements = json.elements ?? [json]
      let numbers = elements.compactMap(\.doubleValue)
      value = numbers.count == elements.count ? .numbers(numbers) : nil
    case .tuple(let spaces): value = Self.tuple(json, spaces)
    case .dictionary(let members): value = Self.tuple(json, members.map(\.space))
    }
    guard let value, space.contains(value) else { return nil }
    self = value
  }

  private static func tuple(_ json: JSON, _ spaces: [Space]) -> SpaceValue? {
    guard let elements = json.elements, elements.count == spaces.count else { return nil }
    let values = zip(elements, spaces).compactMap { SpaceValue($0, in: $1) }
    return values.count == spaces.count ? .tuple(values) : nil
  }
}

/// A type of observations or actions.
public protocol SpaceElement: Sendable, Hashable {
  /// Any value, to be written over.
  static var placeholder: Self { get }
  /// The value without its type.
  var value: SpaceValue { get }
  /// The value that one without type stands for; nil when it is of another kind.
  init?(_ value: SpaceValue)
  /// Writes its numbers over those from a place on: as many as the space counts.
  func write(to numbers: inout [Float], at place: Int)
}

extension SpaceElement {
  /// Writes its numbers, those of a tuple one after another.
  public func write(to numbers: inout [Float], at place: Int) {
    for (offset, number) in value.numbers.enumerated() {
      numbers[place + offset] = Float(number)
    }
  }
}

extension Int: SpaceElement {
  /// Any value, to be written over.
  public static var placeholder: Int { 0 }
  /// The value without its type.
  public var value: SpaceValue { .integer(self) }
  /// The value that one without type stands for.
  public init?(_ value: SpaceValue) {
    guard case .integer(let integer) = value else { return nil }
    self = integer
  }
  /// Writes itself over a number.
  public func write(to numbers: inout [Float], at place: Int) {
    numbers[place] = Float(self)
  }
}

extension Array: SpaceElement where Element: SpaceNumber {
  /// Any value, to be written over.
  public static var placeholder: [Element] { [] }
  /// The value without its type.
  public var value: SpaceValue { .numbers(map(\.number)) }
  /// The value that one without type stands for.
  public init?(_ value: SpaceValue) {
    guard case .numbers(let numbers) = value else { return nil }
    self = numbers.map(Element.init(number:))
  }
  /// Writes its numbers.
  public func write(to numbers: inout [Float], at place: Int) {
    var rest = numbers.mutableSpan
    for index in indices { rest[place + index] = self[index].single }
  }
}

/// A type of the numbers of arrays.
public protocol SpaceNumber: Sendable, Hashable {
  /// The number, which a Double holds exactly.
  var number: Double { get }
  /// The number in single precision.
  var single: Float { get }
  /// The number nearest to a Double.
  init(number: Double)
}

extension Float: SpaceNumber {
  /// The number.
  public var number: Double { Double(self) }
  /// The number.
  public var single: Float { self }
  /// The value that one without type stands for.
  public init(number: Double) { self = Float(number) }
}

extension UInt8: SpaceNumber {
  /// The number.
  public var number: Double { Double(self) }
  /// The number in single precision.
  public var single: Float { Float(self) }
  /// The value that one without type stands for.
  public init(number: Double) { self = UInt8(exactly: number.rounded()) ?? (number > 0 ? .max : 0) }
}
