import FileFormats

/// Everything that decides what an environment does next, by names: what a checkpoint keeps of an
/// environment, and what `--state` sets.
///
/// One list of parts serves both directions, so that what is written is what is read.
public struct StateArchive: Sendable {
  private enum Direction: Sendable {
    case writing
    case reading(partial: Bool)
  }

  private var members: [JSON.Member]
  private var unread: Set<String>
  private let direction: Direction

  /// The state of an environment.
  public static func state<E: Environment>(of environment: E) -> JSON {
    var environment = environment
    var archive = StateArchive(members: [], unread: [], direction: .writing)
    do {
      try environment.archive(&archive)
    } catch {
      preconditionFailure("writing a state cannot fail: \(error)")
    }
    return .object(archive.members)
  }

  /// Puts an environment into a state that `state(of:)` gave.
  ///
  /// - Parameter partial: parts that are not named stay as they are.
  /// - Throws: `.invalidState`; the environment is then as before.
  public static func set<E: Environment>(
    _ environment: inout E, to state: JSON, partial: Bool = false
  ) throws(EnvironmentError) {
    guard let members = state.members else {
      throw EnvironmentError(.invalidState, "a state is an object of named parts")
    }
    var archive = StateArchive(
      members: members, unread: Set(members.map(\.key)), direction: .reading(partial: partial))
    var changed = environment
    try changed.archive(&archive)
    if let name = archive.unread.min() {
      throw EnvironmentError(.invalidState, "the environment's state has no part '\(name)'")
    }
    environment = changed
  }

  /// A part that is a finite number.
  public mutating func number(
    _ name: String, _ value: inout Double
  ) throws(EnvironmentError) {
    try part(name, &value, "a number") {
      .number($0)
    } read: {
      $0.doubleValue
    }
  }

  /// A part that is a whole number of a range.
  public mutating func integer(
    _ name: String, _ value: inout Int, in range: ClosedRange<Int>
  ) throws(EnvironmentError) {
    try part(name, &value, "a whole number in \(range.lowerBound)...\(range.upperBound)") {
      .integer(Int64($0))
    } read: {
      $0.integerValue.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A part that is a truth value.
  public mutating func flag(_ name: String, _ value: inout Bool) throws(EnvironmentError) {
    try part(name, &value, "true or false") {
      .bool($0)
    } read: {
      $0.boolValue
    }
  }

  /// A part that is so many whole numbers of a range as there are, or any count of them up to
  /// `greatestCount`.
  public mutating func integers(
    _ name: String, _ values: inout [Int], in range: ClosedRange<Int>, greatestCount: Int? = nil
  ) throws(EnvironmentError) {
    let count = values.count
    try part(name, &values, "a list of whole numbers in \(range.lowerBound)...\(range.upperBound)")
    {
      .array($0.map { .integer(Int64($0)) })
    } read: { json in
      let read = json.elements?.compactMap(\.integerValue).filter(range.contains)
      guard let read, read.count == json.elements?.count else { return nil }
      guard greatestCount.map({ read.count <= $0 }) ?? (read.count == count) else { return nil }
      return read
    }
  }

  /// A part that is `count` numbers, or none where that `isOptional`.
  public mutating func numbers(
    _ name: String, _ values: inout [Double], count: Int, isOptional: Bool = false
  ) throws(EnvironmentError) {
    try part(name, &values, "\(count) numbers") {
      .array($0.map { .number($0) })
    } read: { json in
      let numbers = json.elements?.compactMap(\.doubleValue) ?? []
      let isWhole = numbers.count == json.elements?.count
      return isWhole && (numbers.count == count || isOptional && numbers.isEmpty) ? numbers : nil
    }
  }

  /// A part that is any count of pairs of numbers of a range, as lists of two.
  mutating func pairs(
    _ name: String, _ values: inout [SIMD2<Float>], in range: ClosedRange<Float>
  ) throws(EnvironmentError) {
    let expected = "a list of pairs of numbers in \(range.lowerBound)...\(range.upperBound)"
    try part(name, &values, expected) { pairs in
      .array(pairs.map { .array([.number(Double($0.x)), .number(Double($0.y))]) })
    } read: { json in
      let pairs = json.elements?.compactMap { pair -> SIMD2<Float>? in
        let numbers = (pair.elements ?? []).compactMap(\.doubleValue).map { Float($0) }
        let isWhole = numbers.count == 2 && pair.elements?.count == 2
        return isWhole && numbers.allSatisfy(range.contains) ? SIMD2(numbers) : nil
      }
      return pairs?.count == json.elements?.count ? pairs : nil
    }
  }

  /// A part that is so many words of 64 bits as there are, written as hexadecimal text.
  mutating func words(_ name: String, _ values: inout [UInt64]) throws(EnvironmentError) {
    let count = values.count
    try part(name, &values, "\(count) hexadecimal words") { words in
      .string(words.map { String($0, radix: 16) }.joined(separator: " "))
    } read: { json in
      let words = json.stringValue?.split(separator: " ").compactMap { UInt64($0, radix: 16) }
      return words?.count == count ? words : nil
    }
  }

  private mutating func part<Value>(
    _ name: String, _ value: inout Value, _ expected: String,
    write: (Value) -> JSON, read: (JSON) -> Value?
  ) throws(EnvironmentError) {
    guard case .reading(let partial) = direction else {
      members.append(.init(name, write(value)))
      return
    }
    guard let json = members.first(where: { $0.key == name })?.value else {
      if partial { return }
      throw EnvironmentError(.invalidState, "the state lacks '\(name)'")
    }
    unread.remove(name)
    guard let read = read(json) else {
      throw EnvironmentError(.invalidState, "part '\(name)' of the state: expected \(expected)")
    }
    value = read
  }
}
