/// Reads pickles without executing anything: of Python's instructions those that dictionaries of
/// tensors are made of, each of which makes a value of ours. A call makes the description of a
/// tensor (`PickleReader+Objects.swift`).
///
/// Differs from Python: instructions that PyTorch does not write are refused, also those that drop
/// or copy values; so every value has its place in what is read.
struct PickleReader {
  typealias Value = Pickle.Value

  let bytes: [UInt8]
  let path: String
  /// What the bytes are part of, such as `data.pkl`; nil for the file itself.
  let place: String?
  /// Where the next instruction is.
  private(set) var position = 0
  /// Where the instruction at work begins.
  private(set) var instruction = 0

  /// The tuples and lists, by their place.
  var sequences: [[Value]] = []
  /// The dictionaries, by their place.
  var dictionaries: [[(key: Value, value: Value)]] = []
  var storages: [Pickle.Storage] = []
  /// The places of the storages by their keys.
  var storagePlaces: [String: Int] = [:]
  /// The tensors; nil for a parameter that was not given its own yet.
  var tensors: [Pickle.Tensor?] = []

  private var stack: [Value] = []
  private var marks: [Int] = []
  private var memo: [Int: Value] = [:]
  private var valueCount = 0

  init(_ bytes: [UInt8], path: String, place: String?) {
    self.bytes = bytes
    self.path = path
    self.place = place
  }

  /// An error at the instruction at work.
  func failure(
    _ message: String, _ problem: FileProblem = .damaged, hint: String? = nil
  ) -> FileError {
    let byte = "byte \(instruction)"
    return FileError(
      problem, path: path, place: place.map { "\($0), \(byte)" } ?? byte, message, hint: hint)
  }

  /// The value of the pickle that begins here. Stops behind it.
  ///
  /// - Throws: `.damaged`, `.unsupported` or `.tooLarge`.
  mutating func next() throws(FileError) -> Value {
    (stack, marks, memo) = ([], [], [:])
    let start = position
    instruction = start
    guard try byte() == Pickle.Opcode.protocolVersion.rawValue else {
      throw failure("expected a pickle, which begins with its version")
    }
    position = start
    while true {
      instruction = position
      guard position - start < Pickle.greatestLength else {
        throw failure("a pickle above \(Pickle.greatestLength) bytes", .tooLarge)
      }
      let code = try byte()
      guard let opcode = Pickle.Opcode(rawValue: code) else {
        throw failure(
          "instruction 0x\(String(code, radix: 16)), which no file of tensors needs", .unsupported)
      }
      if opcode == .stop {
        let value = try pop()
        guard stack.isEmpty, marks.isEmpty else { throw failure("values are left at the end") }
        return value
      }
      try carryOut(opcode)
    }
  }

  private mutating func carryOut(_ opcode: Pickle.Opcode) throws(FileError) {
    switch opcode {
    case .protocolVersion:
      let version = try byte()
      guard (2...Pickle.greatestVersion).contains(Int(version)) else {
        throw failure(
          "a pickle of version \(version), expected 2 to \(Pickle.greatestVersion)", .unsupported)
      }
    case .frame: _ = try integer(8)
    case .stop: break
    case .mark:
      guard marks.count < Pickle.greatestStackDepth else { throw tooDeep() }
      marks.append(stack.count)
    case .none: try push(.none)
    case .newTrue: try push(.truth(true))
    case .newFalse: try push(.truth(false))
    case .integer1: try push(.integer(integer(1)))
    case .integer2: try push(.integer(integer(2)))
    case .integer4: try push(.integer(Int(Int32(truncatingIfNeeded: integer(4)))))
    case .long1: try pushLong()
    case .real:
      _ = try take(8)
      try push(.real)
    case .text1, .string1: try pushText(integer(1))
    case .text4, .string4: try pushText(integer(4))
    case .bytes1: try passBytes(integer(1))
    case .bytes4: try passBytes(integer(4))
    case .emptyTuple: try pushTuple([])
    case .tuple: try pushTuple(popMarked())
    case .tuple1: try pushTuple(pop(1))
    case .tuple2: try pushTuple(pop(2))
    case .tuple3: try pushTuple(pop(3))
    case .emptyList:
      try push(.list(sequences.count))
      sequences.append([])
    case .append: try append(pop(1))
    case .appends: try append(popMarked())
    case .emptyDictionary: try pushDictionary()
    case .setItem: try setItems(pop(2))
    case .setItems: try setItems(popMarked())
    case .get1: try recall(integer(1))
    case .get4: try recall(integer(4))
    case .put1: try remember(integer(1))
    case .put4: try remember(integer(4))
    case .memoize: try remember(memo.count)
    case .global: try pushGlobal(module: line(), name: line())
    case .stackGlobal: try stackGlobal()
    case .reduce, .newObject:
      let (arguments, function) = (try pop(), try pop())
      try push(called(function, with: arguments, isNew: opcode == .newObject))
    case .build:
      let state = try pop()
      try build(top(), state)
    case .persistentID: try push(storage(pop()))
    }
  }

  // MARK: What follows an instruction

  private mutating func take(_ count: Int) throws(FileError) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw failure("the pickle is cut off") }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private mutating func byte() throws(FileError) -> UInt8 { try take(1)[position - 1] }

  /// A little-endian number without a sign, or one of eight bytes with its own.
  private mutating func integer(_ size: Int) throws(FileError) -> Int {
    try take(size).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// A line of ASCII that names a module, class or function.
  private mutating func line() throws(FileError) -> String {
    let rest = bytes[position...].prefix(Pickle.greatestNameLength + 1)
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")),
      rest[..<end].allSatisfy({ (0x21..<0x7F).contains($0) })
    else {
      throw failure("expected a name of up to \(Pickle.greatestNameLength) letters and a line feed")
    }
    position = end + 1
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private mutating func pushText(_ count: Int) throws(FileError) {
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw failure("a text that is not UTF-8")
    }
    try push(.text(text))
  }

  private mutating func passBytes(_ count: Int) throws(FileError) {
    _ = try take(count)
    try push(.bytes)
  }

  /// A whole number with a sign, of as many bytes as the first one says.
  private mutating func pushLong() throws(FileError) {
    let digits = try take(integer(1))
    guard digits.count <= 8 else { return try push(.longInteger(Array(digits))) }
    let isNegative = digits.last.map { $0 > 0x7F } ?? false
    try push(.integer(digits.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }))
  }

  // MARK: The stack and the memo

  private func tooDeep() -> FileError {
    failure("more than \(Pickle.greatestStackDepth) values inside each other", .tooLarge)
  }

  private mutating func push(_ value: Value) throws(FileError) {
    guard stack.count < Pickle.greatestStackDepth else { throw tooDeep() }
    valueCount += 1
    guard valueCount <= Pickle.greatestValueCount else {
      throw failure("more than \(Pickle.greatestValueCount) values", .tooLarge)
    }
    stack.append(value)
  }

  private func top() throws(FileError) -> Value {
    guard let value = stack.last, stack.count > marks.last ?? 0 else {
      throw failure("a value is missing")
    }
    return value
  }

  private mutating func pop() throws(FileError) -> Value {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws(FileError) -> [Value] {
    guard stack.count - count >= marks.last ?? 0 else { throw failure("a value is missing") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popMarked() throws(FileError) -> [Value] {
    guard let mark = marks.popLast() else { throw failure("a mark is missing") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func recall(_ index: Int) throws(FileError) {
    guard let value = memo[index] else { throw failure("value \(index) was not remembered") }
    try push(value)
  }

  private mutating func remember(_ index: Int) throws(FileError) {
    memo[index] = try top()
    guard memo.count <= Pickle.greatestMemoCount else {
      throw failure("more than \(Pickle.greatestMemoCount) values to remember", .tooLarge)
    }
  }

  // MARK: Containers

  private mutating func pushTuple(_ values: [Value]) throws(FileError) {
    try push(.tuple(sequences.count))
    sequences.append(values)
  }

  private mutating func pushDictionary() throws(FileError) {
    try push(.dictionary(dictionaries.count))
    dictionaries.append([])
  }

  private mutating func append(_ values: [Value]) throws(FileError) {
    guard case .list(let list) = try top() else {
      throw failure("appends to \(try top().kind), expected a list")
    }
    sequences[list] += values
  }

  private mutating func setItems(_ values: [Value]) throws(FileError) {
    guard case .dictionary(let dictionary) = try top() else {
      throw failure("sets an item of \(try top().kind), expected a dictionary")
    }
    guard values.count.isMultiple(of: 2) else { throw failure("a key without a value") }
    for index in stride(from: 0, to: values.count, by: 2) {
      dictionaries[dictionary].append((values[index], values[index + 1]))
    }
  }

  private mutating func stackGlobal() throws(FileError) {
    guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
      throw failure("a class or function whose name is not a text")
    }
    try pushGlobal(module: module, name: name)
  }

  private mutating func pushGlobal(module: String, name: String) throws(FileError) {
    try push(.global(global(module: module, name: name)))
  }
}
