// `unsafe` here: the bytes of whole arrays of plain numbers are copied to and from arrays of
// bytes; both sides own their memory and the lengths are compared first.

/// A number that is stored as it lies in memory.
public protocol TensorElement: BitwiseCopyable {
  /// Its name in files.
  static var elementType: TensorRecord.ElementType { get }
}

extension Double: TensorElement {
  /// `F64`.
  public static var elementType: TensorRecord.ElementType { .float64 }
}
extension Float: TensorElement {
  /// `F32`.
  public static var elementType: TensorRecord.ElementType { .float32 }
}
extension Int64: TensorElement {
  /// `I64`.
  public static var elementType: TensorRecord.ElementType { .int64 }
}
extension Int32: TensorElement {
  /// `I32`.
  public static var elementType: TensorRecord.ElementType { .int32 }
}
extension UInt64: TensorElement {
  /// `U64`.
  public static var elementType: TensorRecord.ElementType { .uint64 }
}
extension UInt32: TensorElement {
  /// `U32`.
  public static var elementType: TensorRecord.ElementType { .uint32 }
}
extension UInt8: TensorElement {
  /// `U8`.
  public static var elementType: TensorRecord.ElementType { .uint8 }
}

/// A named array of numbers as it lies in a file: row-major, little-endian.
public struct TensorRecord: Sendable, Hashable {
  /// Such as `decoder.3.weight`.
  public let name: String
  /// How each number is stored.
  public let elementType: ElementType
  /// The extents, outermost first; none for a single number.
  public let shape: [Int]
  /// The numbers: as many bytes as the shape and element type say.
  public let bytes: [UInt8]

  /// A record of bytes that are laid out already.
  public init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]) {
    let count = shape.reduce(elementType.size, *)
    precondition(
      shape.allSatisfy { $0 >= 0 } && bytes.count == count,
      "tensor '\(name)': \(bytes.count) bytes for \(elementType.rawValue) \(shape)")
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  /// A record of numbers; a vector unless a shape is given.
  public init<Element: TensorElement>(name: String, shape: [Int]? = nil, values: [Element]) {
    let bytes = unsafe values.withUnsafeBytes { unsafe Array($0) }
    self.init(
      name: name, elementType: Element.elementType, shape: shape ?? [values.count], bytes: bytes)
  }

  /// The numbers; nil if they are stored as another type.
  public func values<Element: TensorElement>(as type: Element.Type = Element.self) -> [Element]? {
    guard Element.elementType == elementType else { return nil }
    let count = bytes.count / MemoryLayout<Element>.size
    return unsafe Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
      initialized = count
    }
  }
}

#if _endian(big)
  #error("tensor files are little-endian; this machine needs byte swaps in TensorRecord")
#endif

extension TensorRecord {
  /// How a number is stored in a tensor file. Raw values are the names safetensors uses.
  public enum ElementType: String, Sendable, Hashable, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint64 = "U64"
    case uint32 = "U32"
    case uint16 = "U16"
    case uint8 = "U8"
    /// A byte, 0 or 1.
    case bool = "BOOL"

    /// Bytes an element takes.
    public var size: Int {
      switch self {
      case .float64, .int64, .uint64: 8
      case .float32, .int32, .uint32: 4
      case .float16, .bfloat16, .int16, .uint16: 2
      case .int8, .uint8, .bool: 1
      }
    }

    /// Bytes of a tensor of this type; nil if they, or those of the same shape without its zeros,
    /// overflow.
    func byteCount(of shape: [Int]) -> Int? {
      var count = size
      for extent in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
        if overflow { return nil }
        count = product
      }
      return shape.contains(0) ? 0 : count
    }
  }
}

extension [UInt8] {
  /// Turns the bytes of each element around: from big-endian to little-endian.
  mutating func reverseElements(ofSize size: Int) {
    for start in stride(from: 0, to: count, by: size) {
      self[start..<start + size].reverse()
    }
  }
}
