/// The forms in which numbers and names may be written, by their bytes.
extension String {
  /// Whether this is a decimal whole number without leading zeros: `-?(0|[1-9][0-9]*)`.
  var isWholeNumber: Bool {
    var rest = utf8[...]
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let digits = rest.takeDigits()
    return rest.isEmpty && digits.isUnpaddedNumber
  }

  /// Whether this is a decimal number such as `1`, `-0.5`, `.5`, `1.` or `1e-3`: the finite
  /// numbers of the YAML 1.2 core schema, without leading zeros.
  var isDecimalNumber: Bool {
    var rest = utf8[...]
    rest.removeSign()
    let whole = rest.takeDigits()
    var fraction = rest[rest.startIndex..<rest.startIndex]
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = rest.takeDigits()
    }
    guard whole.isUnpaddedNumber || (whole.isEmpty && !fraction.isEmpty) else { return false }
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      rest.removeSign()
      if rest.takeDigits().isEmpty { return false }
    }
    return rest.isEmpty
  }

  /// Whether this may name an experiment or a run: `[A-Za-z0-9][A-Za-z0-9._-]{0,99}`. Such a name
  /// cannot lead out of a folder.
  public var isExperimentName: Bool {
    guard 1...100 ~= utf8.count, let first = utf8.first else { return false }
    return first.isLetterOrDigit
      && utf8.allSatisfy { $0.isLetterOrDigit || "._-".utf8.contains($0) }
  }

  /// Whether this begins with a letter and holds only letters, digits and `._-/`.
  var isPlainWord: Bool {
    guard let first = utf8.first else { return false }
    return first.isLetter && utf8.allSatisfy { $0.isLetterOrDigit || "._-/".utf8.contains($0) }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
  fileprivate var isLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 }
  fileprivate var isLetterOrDigit: Bool { isLetter || isDigit }
}

extension Substring.UTF8View {
  fileprivate var isUnpaddedNumber: Bool {
    !isEmpty && (count == 1 || first != UInt8(ascii: "0"))
  }

  fileprivate mutating func removeSign() {
    if first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { removeFirst() }
  }

  /// Removes the digits it begins with and returns them.
  fileprivate mutating func takeDigits() -> Self {
    let digits = prefix(while: \.isDigit)
    self = self[digits.endIndex...]
    return digits
  }
}
