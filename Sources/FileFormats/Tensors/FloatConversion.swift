extension TensorRecord {
  /// The numbers in single precision: halves and bfloat16 exactly, doubles rounded to the nearest;
  /// nil for whole numbers and truth values.
  public func floats() -> [Float]? {
    switch elementType {
    case .float32: values()
    case .float64: values(as: Double.self)?.map { Float($0) }
    case .float16: halfWords.map { Float(Float16(bitPattern: $0)) }
    case .bfloat16: halfWords.map { Float(bitPattern: UInt32($0) << 16) }
    default: nil
    }
  }

  /// The record with floating-point numbers in single precision, as `floats()` gives them. One of
  /// whole numbers or truth values stays as it is.
  public func inSinglePrecision() -> TensorRecord {
    guard elementType != .float32, let floats = floats() else { return self }
    return TensorRecord(name: name, shape: shape, values: floats)
  }

  /// The numbers of two bytes each.
  private var halfWords: [UInt16] {
    stride(from: 0, to: bytes.count, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
  }
}
