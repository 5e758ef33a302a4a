/// What calls and objects of a pickle stand for. Each is looked at for its kind and its arguments;
/// nothing is ever called.
extension PickleReader {
  /// The class or function of this name, if it may be named.
  func global(module: String, name: String) throws(FileError) -> PyTorchGlobal {
    if let global = PyTorchGlobal(module: module, name: name) { return global }
    let isPartOfNetwork = module.hasPrefix("torch") || module == "__main__"
    throw failure(
      "calls \((module + "." + name).printable(limit: Pickle.greatestNameLength)), which is not "
        + "allowed: only tensors, dictionaries, lists and plain values are read", .unsupported,
      hint: isPartOfNetwork ? "of a network, save what its state_dict() gives" : nil)
  }

  /// What the call of a function, or of a class to make an object, stands for.
  mutating func called(
    _ function: Value, with arguments: Value, isNew: Bool
  ) throws(FileError) -> Value {
    guard case .global(let function) = function, case .tuple(let place) = arguments else {
      throw failure("calls \(function.kind) with \(arguments.kind)")
    }
    let arguments = sequences[place]
    switch function {
    case .orderedDictionary: return try orderedDictionary(arguments)
    case .rebuildTensor(let counts) where counts.contains(arguments.count):
      return try tensor(arguments, type: nil)
    case .rebuildTensorOfType where (7...8).contains(arguments.count):
      guard case .global(.elementType(let type)) = arguments[6] else {
        throw failure("a tensor whose type is \(arguments[6].kind)")
      }
      return try tensor(arguments, type: type)
    case .rebuildParameter, .parameter:
      if function == .parameter, isNew, arguments.isEmpty {
        tensors.append(nil)
        return .tensor(tensors.count - 1)
      }
      guard let value = arguments.first, case .tensor = value, arguments.count <= 3 else {
        throw failure("a parameter without a tensor")
      }
      return value
    case .size:
      guard arguments.count == 1, case .tuple = arguments[0] else {
        throw failure("a size that is not a tuple")
      }
      return arguments[0]
    case .rebuildTensor, .rebuildTensorOfType, .storage, .elementType:
      throw failure("a call with \(arguments.count) arguments that are not its own")
    }
  }

  /// An empty dictionary, or as Python 2 wrote it one of a list of keys and values.
  private mutating func orderedDictionary(_ arguments: [Value]) throws(FileError) -> Value {
    var items: [(key: Value, value: Value)] = []
    if !arguments.isEmpty {
      guard arguments.count == 1, case .list(let list) = arguments[0] else {
        throw failure("a dictionary of something else than a list")
      }
      for pair in sequences[list] {
        guard let item = elements(of: pair), item.count == 2 else {
          throw failure("a dictionary of something else than keys and values")
        }
        items.append((item[0], item[1]))
      }
    }
    dictionaries.append(items)
    return .dictionary(dictionaries.count - 1)
  }

  /// What a tuple or list holds; nil for any other value.
  func elements(of value: Value) -> [Value]? {
    switch value {
    case .tuple(let place), .list(let place): sequences[place]
    default: nil
    }
  }

  /// A tensor by its storage, the place of its first element, its shape and its strides.
  private mutating func tensor(
    _ arguments: [Value], type: TensorRecord.ElementType?
  ) throws(FileError) -> Value {
    guard case .storage(let place) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3])
    else { throw failure("a tensor without a storage, an offset, a shape or strides") }
    guard max(shape.count, strides.count) <= WeightFile.greatestRank else {
      throw failure(
        "a tensor of \(shape.count) dimensions, at most \(WeightFile.greatestRank) are read",
        .tooLarge)
    }
    guard shape.count == strides.count else {
      throw failure("a tensor of \(shape.count) dimensions with \(strides.count) strides")
    }
    let storage = storages[place]
    guard let elementType = type ?? storage.elementType,
      storage.elementType == nil || storage.elementType == elementType
    else { throw failure("a tensor whose type is not its storage's") }
    let count = storage.elementType == nil ? storage.count / elementType.size : storage.count
    let elements = StridedElements(shape: shape, strides: strides, offset: offset)
    guard elements.isInside(count) else {
      throw failure(
        "a tensor of shape \(shape), strides \(strides) and offset \(offset), which is not inside "
          + "its storage of \(count) elements")
    }
    tensors.append(Pickle.Tensor(elementType: elementType, elements: elements, storage: place))
    return .tensor(tensors.count - 1)
  }

  /// Whole numbers in a tuple or list; nil for any other value.
  private func integers(_ value: Value) -> [Int]? {
    guard let values = elements(of: value) else { return nil }
    var numbers: [Int] = []
    for value in values.prefix(WeightFile.greatestRank + 1) {
      guard case .integer(let number) = value else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// What an object is given besides: remarks of a dictionary and the switches of a parameter are
  /// passed over; a parameter that PyTorch 0.1 made without a tensor gets it.
  mutating func build(_ object: Value, _ state: Value) throws(FileError) {
    switch object {
    case .dictionary: return
    case .tensor(let place):
      guard case .tuple(let list) = state else { break }
      let values = sequences[list]
      if tensors[place] != nil { return }
      guard values.count == 5, case .tensor(let own) = values[0] else { break }
      tensors[place] = tensors[own]
      return
    default: break
    }
    throw failure("gives \(state.kind) to \(object.kind)", .unsupported)
  }

  /// The storage that a tuple names: the word "storage", its class, its key, its device, how many
  /// elements it has, and before PyTorch 1.6 the view that it is of another.
  mutating func storage(_ name: Value) throws(FileError) -> Value {
    guard case .tuple(let place) = name, case .text("storage")? = sequences[place].first else {
      throw failure(
        "refers to something else than a storage", .unsupported,
        hint: "of a network, save what its state_dict() gives")
    }
    let values = sequences[place]
    guard (5...6).contains(values.count), case .global(.storage(let elementType)) = values[1],
      case .text(let key) = values[2], case .integer(let count) = values[4]
    else { throw failure("a storage without its class, key or length") }
    if values.count == 6 {
      guard case .none = values[5] else {
        throw failure("a storage that is a view of another", .unsupported)
      }
    }
    let size = count.multipliedReportingOverflow(by: elementType?.size ?? 1)
    guard count >= 0, !size.overflow else { throw failure("a storage of \(count) elements") }
    if let known = storagePlaces[key] {
      guard storages[known].elementType == elementType, storages[known].count == count else {
        throw failure("the storage '\(key.prefix(40))' has two types or lengths")
      }
      return .storage(known)
    }
    storagePlaces[key] = storages.count
    storages.append(Pickle.Storage(key: key, elementType: elementType, count: count))
    return .storage(storages.count - 1)
  }
}
