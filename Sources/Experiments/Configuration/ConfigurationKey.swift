/// One key of a configuration: its name in files, the property it sets, and what it allows. The
/// name is the property's name.
public struct ConfigurationKey<Root: ExperimentConfiguration>: Sendable {
  /// The property that a key sets, such as `\.latentSize`.
  public typealias Path<Value> = any WritableKeyPath<Root, Value> & Sendable

  /// The members of a nested configuration, seen from the root.
  struct Members: Sendable {
    /// The names of the stored properties, declared as keys or not.
    let properties: @Sendable () -> [String]
    let keys: @Sendable () -> [ConfigurationKey<Root>]
    let problems: @Sendable (Root) -> [ConfigurationProblem]
    let warnings: @Sendable (Root) -> [ConfigurationProblem]
  }

  enum Content: Sendable {
    case property(ConfigurationProperty<Root>)
    case group(Members)
    /// A nested configuration whose keys stand among its parent's.
    case included(Members)
  }

  let name: String
  let documentation: String
  let content: Content
  /// What a resumed run may change of it; of a group, nothing by itself.
  var change = ConfigurationChange.none

  /// The key, which may change when a run is resumed because no result depends on it.
  public func changing(_ change: ConfigurationChange) -> Self {
    var key = self
    key.change = change
    return key
  }
}

/// How the value of a key may change between two sessions of a run.
public enum ConfigurationChange: String, Sendable, Hashable {
  /// Not at all: results depend on it.
  case none
  /// To a greater number.
  case growing
  /// To any value.
  case any

  /// Whether a value may become another.
  func allows(_ old: ConfigurationValue, _ new: ConfigurationValue) -> Bool {
    switch (self, old, new) {
    case (.any, _, _): true
    case (.growing, .integer(let old), .integer(let new)): new >= old
    default: old == new
    }
  }
}

/// How one property of a configuration is read and written, and what it allows.
struct ConfigurationProperty<Root: ExperimentConfiguration>: Sendable {
  let type: ConfigurationType
  let unit: String?
  let read: @Sendable (Root) -> ConfigurationValue
  /// Writes a value that the type allows.
  let write: @Sendable (inout Root, ConfigurationValue) -> Void
}

// MARK: Properties

extension ConfigurationKey {
  /// A whole number.
  ///
  /// - Parameters:
  ///   - name: the property's name.
  ///   - property: what the key sets.
  ///   - range: the values it allows.
  ///   - unit: what is counted, such as "epochs".
  ///   - documentation: one sentence that says what it is.
  public static func integer(
    _ name: String, _ property: Path<Int>, in range: ClosedRange<Int>,
    unit: String? = nil, _ documentation: String
  ) -> Self {
    Self(
      name, .integer(range), unit: unit, documentation, property,
      encode: { .integer($0) },
      decode: { if case .integer(let value) = $0 { value } else { nil } })
  }

  /// A finite number. Parameters as for ``integer(_:_:in:unit:_:)``.
  public static func number(
    _ name: String, _ property: Path<Double>,
    in range: ClosedRange<Double>, unit: String? = nil, _ documentation: String
  ) -> Self {
    Self(
      name, .number(range), unit: unit, documentation, property,
      encode: { .number($0) },
      decode: { if case .number(let value) = $0 { value } else { nil } })
  }

  /// `true` or `false`.
  public static func flag(
    _ name: String, _ property: Path<Bool>, _ documentation: String
  ) -> Self {
    Self(
      name, .flag, unit: nil, documentation, property,
      encode: { .flag($0) },
      decode: { if case .flag(let value) = $0 { value } else { nil } })
  }

  /// A text.
  ///
  /// - Parameters:
  ///   - name: the property's name.
  ///   - property: what the key sets.
  ///   - length: how many characters it may have.
  ///   - documentation: one sentence that says what it is.
  public static func text(
    _ name: String, _ property: Path<String>,
    length: ClosedRange<Int> = 0...1024, _ documentation: String
  ) -> Self {
    Self(
      name, .text(length: length), unit: nil, documentation, property,
      encode: { .text($0) },
      decode: { if case .text(let value) = $0 { value } else { nil } })
  }

  /// One of the cases of an enumeration, by its raw value.
  public static func choice<Option>(
    _ name: String, _ property: Path<Option>, _ documentation: String
  ) -> Self
  where Option: RawRepresentable<String> & CaseIterable & Sendable {
    Self(
      name, .choice(Option.allCases.map(\.rawValue)), unit: nil, documentation, property,
      encode: { .text($0.rawValue) },
      decode: { if case .text(let value) = $0 { Option(rawValue: value) } else { nil } })
  }

  /// A list of whole numbers.
  ///
  /// - Parameters:
  ///   - name: the property's name.
  ///   - property: what the key sets.
  ///   - range: the values that each element allows.
  ///   - count: how many elements there may be.
  ///   - unit: what is counted, such as "units".
  ///   - documentation: one sentence that says what it is.
  public static func integers(
    _ name: String, _ property: Path<[Int]>, in range: ClosedRange<Int>,
    count: ClosedRange<Int>, unit: String? = nil, _ documentation: String
  ) -> Self {
    Self(
      name, .list(of: .integer(range), count: count), unit: unit, documentation, property,
      encode: { .list($0.map { .integer($0) }) },
      decode: { value in
        elements(of: value) { if case .integer(let value) = $0 { value } else { nil } }
      })
  }

  /// A list of finite numbers. Parameters as for ``integers(_:_:in:count:unit:_:)``.
  public static func numbers(
    _ name: String, _ property: Path<[Double]>,
    in range: ClosedRange<Double>, count: ClosedRange<Int>, unit: String? = nil,
    _ documentation: String
  ) -> Self {
    Self(
      name, .list(of: .number(range), count: count), unit: unit, documentation, property,
      encode: { .list($0.map { .number($0) }) },
      decode: { value in
        elements(of: value) { if case .number(let value) = $0 { value } else { nil } }
      })
  }

  /// A list of texts, such as names of layers.
  ///
  /// - Parameters:
  ///   - name: the property's name.
  ///   - property: what the key sets.
  ///   - length: how many characters each element may have.
  ///   - count: how many elements there may be.
  ///   - documentation: one sentence that says what it is.
  public static func texts(
    _ name: String, _ property: Path<[String]>,
    length: ClosedRange<Int> = 1...1024, count: ClosedRange<Int>, _ documentation: String
  ) -> Self {
    Self(
      name, .list(of: .text(length: length), count: count), unit: nil, documentation, property,
      encode: { .list($0.map { .text($0) }) },
      decode: { value in
        elements(of: value) { if case .text(let value) = $0 { value } else { nil } }
      })
  }

  private static func elements<Element>(
    of value: ConfigurationValue, _ decode: (ConfigurationValue) -> Element?
  ) -> [Element]? {
    guard case .list(let values) = value else { return nil }
    return values.compactMap(decode)
  }

  private init<Value>(
    _ name: String, _ type: ConfigurationType, unit: String?, _ documentation: String,
    _ property: Path<Value>,
    encode: @escaping @Sendable (Value) -> ConfigurationValue,
    decode: @escaping @Sendable (ConfigurationValue) -> Value?
  ) {
    self.name = name
    self.documentation = documentation
    content = .property(
      ConfigurationProperty(
        type: type, unit: unit,
        read: { encode($0[keyPath: property]) },
        write: { root, value in
          guard let decoded = decode(value) else {
            preconditionFailure("'\(name)' takes a value of type \(type.name), not \(value)")
          }
          root[keyPath: property] = decoded
        }))
  }
}

// MARK: Nested configurations

extension ConfigurationKey {
  /// The keys of a nested configuration, beneath `name`.
  public static func group<Group: ExperimentConfiguration>(
    _ name: String, _ property: Path<Group>, _ documentation: String
  ) -> Self {
    Self(name: name, documentation: documentation, content: .group(members(at: property)))
  }

  /// The keys of a nested configuration, among those of this one.
  public static func included<Group: ExperimentConfiguration>(
    _ name: String, _ property: Path<Group>
  ) -> Self {
    Self(name: name, documentation: "", content: .included(members(at: property)))
  }

  private static func members<Group: ExperimentConfiguration>(
    at property: Path<Group>
  ) -> Members {
    Members(
      properties: { Group.storedProperties },
      keys: { Group.keys.map { $0.seen(from: property) } },
      problems: { $0[keyPath: property].problems },
      warnings: { $0[keyPath: property].warnings })
  }

  /// The key as one of the configuration that holds this one as `property`.
  private func seen<Outer: ExperimentConfiguration>(
    from property: ConfigurationKey<Outer>.Path<Root>
  ) -> ConfigurationKey<Outer> {
    func seen(_ members: Members) -> ConfigurationKey<Outer>.Members {
      .init(
        properties: members.properties,
        keys: { members.keys().map { $0.seen(from: property) } },
        problems: { members.problems($0[keyPath: property]) },
        warnings: { members.warnings($0[keyPath: property]) })
    }
    let content: ConfigurationKey<Outer>.Content =
      switch self.content {
      case .property(let inner):
        .property(
          .init(
            type: inner.type, unit: inner.unit,
            read: { inner.read($0[keyPath: property]) },
            write: { inner.write(&$0[keyPath: property], $1) }))
      case .group(let members): .group(seen(members))
      case .included(let members): .included(seen(members))
      }
    return .init(name: name, documentation: documentation, content: content, change: change)
  }
}
