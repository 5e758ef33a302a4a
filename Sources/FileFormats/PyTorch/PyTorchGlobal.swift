/// The classes and functions that a file of PyTorch's may name. None is ever called: each stands for
/// the description of a value that is made in its place.
enum PyTorchGlobal: Equatable {
  case orderedDictionary
  /// A tensor of a storage, the place of the first element, the shape and the strides, and more
  /// that is passed over, so many arguments in all.
  case rebuildTensor(arguments: ClosedRange<Int>)
  /// The same with the type of the numbers as the seventh argument.
  case rebuildTensorOfType
  /// A tensor, and whether it has a gradient.
  case rebuildParameter
  /// What came before `rebuildParameter`.
  case parameter
  case size
  /// nil for one whose tensors say their type.
  case storage(TensorRecord.ElementType?)
  case elementType(TensorRecord.ElementType)

  /// The class or function of this name in this module; nil if it may not be named.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor(arguments: 4...4)
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor(arguments: 6...7)
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTensorOfType
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch.nn.parameter", "Parameter"): self = .parameter
    case ("torch", "Size"): self = .size
    case ("torch.storage", "UntypedStorage"): self = .storage(nil)
    case ("torch", _):
      if let type = Self.storages[name] {
        self = .storage(type)
      } else if let type = Self.types[name] {
        self = .elementType(type)
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static let storages: [String: TensorRecord.ElementType] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
    "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
  ]

  private static let types: [String: TensorRecord.ElementType] = [
    "float64": .float64, "float32": .float32, "float16": .float16, "bfloat16": .bfloat16,
    "int64": .int64, "int32": .int32, "int16": .int16, "int8": .int8, "uint64": .uint64,
    "uint32": .uint32, "uint16": .uint16, "uint8": .uint8, "bool": .bool,
  ]
}
