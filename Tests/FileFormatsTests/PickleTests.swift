import FileFormats
import Testing

/// Files that PyTorch would not write: each is refused for what it is, and nothing in it is
/// executed.
@Suite struct PickleTests {
  private typealias P = PickleBytes

  private static func read(_ bytes: [UInt8]) throws -> [TensorRecord] {
    try WeightFile(bytes, path: "x.pth").records()
  }

  @Test func theWriterOfTheseTestsWritesTensors() throws {
    let storages = P.little(6, 8) + (0..<6).flatMap { P.little(Int(Float($0).bitPattern), 4) }
    let file = P.file(
      P.emptyDictionary + P.text("w") + P.tensor(offset: 1, shape: [2, 2], strides: [1, 2])
        + P.setItem, storages: storages)
    let records = try Self.read(file)
    #expect(records == [TensorRecord(name: "w", shape: [2, 2], values: [1, 3, 2, 4] as [Float])])
  }

  /// Parameters of PyTorch 0.1, which were made empty and filled afterwards, and dictionaries as
  /// Python 2 wrote them.
  @Test func oldFilesAreRead() throws {
    let old = P.call(
      "torch._utils", "_rebuild_tensor", P.storage(), P.integer(0), P.tuple([2]), P.tuple([1]))
    let made =
      P.global("torch.nn.parameter", "Parameter") + P.emptyTuple + P.newObject
      + P.tuple(old, P.none, P.emptyDictionary, P.isFalse, P.isFalse) + P.build
    let parameter = P.call("torch.nn.parameter", "Parameter", P.tensor(), P.isFalse)
    let items = P.list([P.tuple(P.text("a"), made), P.tuple(P.text("b"), parameter)])
    let records = try Self.read(P.file(P.call("collections", "OrderedDict", items)))
    #expect(records.map(\.name) == ["a", "b"])
    #expect(records.map(\.shape) == [[2], [2, 3]])
  }

  /// Names of a module and of what is in it.
  static let forbidden = [
    ("posix", "system"), ("nt", "system"), ("os", "system"), ("builtins", "eval"),
    ("builtins", "getattr"), ("__builtin__", "exec"), ("subprocess", "Popen"),
    ("torch", "load"), ("torch", "FloatTensor"), ("torch._utils", "_rebuild_tensor_v2.__globals__"),
    ("torch.nn.modules.linear", "Linear"), ("__main__", "Net"), ("collections", "namedtuple"),
    ("torch.storage", "_load_from_bytes"), ("numpy.core.multiarray", "scalar"),
  ]

  @Test(arguments: forbidden) func callsAreRefusedByName(module: String, name: String) {
    for body in [
      P.global(module, name), P.call(module, name, P.text("echo harmed")),
      P.text(module) + P.text(name) + [0x93],
    ] {
      let error = expectError(.unsupported) { _ = try Self.read(P.file(body)) }
      #expect(error?.message.contains("calls \(module).\(name), which is not allowed") == true)
      #expect(error?.place?.hasPrefix("byte ") == true)
    }
  }

  @Test(arguments: ["system", "eval", "getattr", "bomb", "pickle", "byteorder"])
  func hostileFilesAreRefused(name: String) throws {
    let expected = [
      "system": "byte 114: calls posix.system, which is not allowed",
      "eval": "byte 101: calls __builtin__.eval, which is not allowed",
      "getattr": "calls builtins.getattr, which is not allowed",
      "bomb": "more than 1000000 values",
      "pickle": "byte 2: calls __builtin__.exec, which is not allowed",
      "byteorder": "expected little-endian",
    ]
    let path = WeightFixtures.path("hostile-\(name).pth")
    let error = #expect(throws: FileError.self) { try WeightFile(path) }
    let message = try #require(expected[name])
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  /// What is wrong with a value, the kind of error, and a part of what is said.
  static let refused: [(String, [UInt8], FileProblem, String)] = [
    ("no value", [], .damaged, "a value is missing"),
    ("two values", P.none + P.none, .damaged, "left at the end"),
    ("an open mark", P.none + P.mark, .damaged, "a value is missing"),
    (
      "an item of a tensor", P.tensor() + P.text("a") + P.none + P.setItem, .damaged,
      "sets an item of a tensor, expected a dictionary"
    ),
    ("an item of a list", P.emptyList + P.integer(0) + P.none + P.setItem, .damaged, "of a list"),
    ("a key alone", P.emptyDictionary + P.mark + P.none + [0x75], .damaged, "without a value"),
    ("an append to a tuple", P.emptyTuple + P.none + P.append, .damaged, "appends to a tuple"),
    ("what is not remembered", [0x68, 7], .damaged, "was not remembered"),
    ("to drop", P.none + [0x30], .unsupported, "instruction 0x30"),
    ("an instance", P.mark + [0x69], .unsupported, "instruction 0x69"),
    ("an extension", [0x82, 1], .unsupported, "instruction 0x82"),
    ("a text call", [0x50, 0x31, 0x0A], .unsupported, "instruction 0x50"),
    ("version 9", [0x80, 9] + P.none, .unsupported, "version 9"),
    ("a call of a text", P.text("eval") + P.emptyTuple + P.reduce, .damaged, "calls a text"),
    ("a call with a list", P.global("torch", "Size") + P.emptyList + P.reduce, .damaged, "a list"),
    ("a called storage", P.call("torch", "FloatStorage", P.integer(1)), .damaged, "not its own"),
    (
      "few arguments", P.call("torch._utils", "_rebuild_tensor_v2", P.storage()), .damaged,
      "not its own"
    ),
    ("no storage", P.tensor(P.text("0")), .damaged, "without a storage"),
    ("a storage alone", P.storage(), .unsupported, "outside of a tensor"),
    (
      "a module", P.tuple(P.text("module"), P.none) + P.persistentID, .unsupported,
      "something else than a storage"
    ),
    ("a view", P.tensor(P.storage(view: P.tuple([1, 2]))), .unsupported, "a view of another"),
    ("a negative storage", P.tensor(P.storage(count: -1)), .damaged, "of -1 elements"),
    ("a storage without end", P.tensor(P.storage(count: .max)), .damaged, "elements"),
    (
      "two lengths", P.tuple(P.tensor(), P.tensor(P.storage(count: 5), shape: [1, 1])), .damaged,
      "two types or lengths"
    ),
    ("two types", P.tuple(P.tensor(), P.tensor(P.storage("IntStorage"))), .damaged, "two types"),
    (
      "complex numbers", P.tensor(P.storage("ComplexFloatStorage")), .unsupported,
      "torch.ComplexFloatStorage"
    ),
    ("too long", P.tensor(shape: [7], strides: [1]), .damaged, "not inside its storage"),
    ("too far", P.tensor(offset: 1), .damaged, "not inside its storage"),
    ("before its storage", P.tensor(offset: -1), .damaged, "not inside its storage"),
    ("wide strides", P.tensor(strides: [4, 1]), .damaged, "not inside its storage"),
    ("negative strides", P.tensor(offset: 5, strides: [-3, -1]), .damaged, "not inside"),
    ("a negative shape", P.tensor(shape: [-1, 3]), .damaged, "not inside its storage"),
    ("overflowing strides", P.tensor(shape: [3, 1], strides: [.max, 1]), .damaged, "not inside"),
    (
      "overflowing places", P.tensor(offset: 6, shape: [2, 2], strides: [.max - 6, 6]), .damaged,
      "not inside"
    ),
    (
      "an endless shape", P.tensor(shape: [1 << 62, 1 << 62], strides: [0, 0]), .tooLarge,
      "unfold to more"
    ),
    (
      "a repeated number", P.tensor(shape: [1 << 31, 1], strides: [0, 0]), .tooLarge,
      "unfold to more"
    ),
    (
      "an endless shape of nothing", P.tensor(shape: [1 << 62, 0], strides: [1, 1]), .tooLarge,
      "unfold to more"
    ),
    ("no strides", P.tensor(strides: []), .damaged, "2 dimensions with 0 strides"),
    (
      "nine axes", P.tensor(shape: .init(repeating: 1, count: 9), strides: []), .tooLarge,
      "9 dimensions"
    ),
    (
      "a key of None", P.emptyDictionary + P.none + P.tensor() + P.setItem, .unsupported,
      "a key that is None"
    ),
    (
      "a long name",
      P.emptyDictionary + P.text(.init(repeating: "n", count: 513)) + P.tensor()
        + P.setItem, .tooLarge, "name of 513 bytes"
    ),
    ("no name", P.emptyDictionary + P.text("") + P.tensor() + P.setItem, .unsupported, "a name of"),
    (
      "a name that rings", P.emptyDictionary + P.text("\u{7}") + P.tensor() + P.setItem,
      .unsupported, "a name of"
    ),
    (
      "one name twice",
      P.emptyDictionary + P.text("a") + P.tensor() + P.setItem + P.text("a")
        + P.tensor() + P.setItem, .damaged, "two tensors have this name"
    ),
    (
      "an empty parameter",
      P.global("torch.nn.parameter", "Parameter") + P.emptyTuple + P.newObject,
      .damaged, "has no tensor"
    ),
    ("a list for a parameter", P.tensor() + P.emptyList + P.build, .unsupported, "gives a list"),
    (
      "depth", [UInt8](repeating: 0x5D, count: 66) + [UInt8](repeating: 0x61, count: 65),
      .tooLarge, "more than 64 deep"
    ),
    ("a high stack", [UInt8](repeating: 0x4E, count: 10_001), .tooLarge, "10000 values"),
    ("marks", [UInt8](repeating: 0x28, count: 10_001), .tooLarge, "10000 values"),
    (
      "a long name of a class", [0x63] + [UInt8](repeating: 0x61, count: 300), .damaged,
      "a name of up to 256"
    ),
    ("text that is none", [0x58, 1, 0, 0, 0, 0xFF], .damaged, "not UTF-8"),
    ("a text without end", [0x58, 0xFF, 0xFF, 0xFF, 0xFF], .damaged, "cut off"),
  ]

  @Test(arguments: refused)
  func valuesAreRefused(what: String, body: [UInt8], problem: FileProblem, message: String) {
    let error = expectError(problem) { _ = try Self.read(P.file(body)) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  /// A list of itself, deep nesting and many values cost no more than their bytes.
  @Test func valuesInsideThemselvesEnd() {
    let itself = P.emptyList + [0x71, 0] + [0x68, 0] + P.append
    expectError(.tooLarge) { _ = try Self.read(P.file(itself)) }
    let deep = P.emptyTuple + [UInt8](repeating: 0x85, count: 1_000_000)
    expectError(.tooLarge) { _ = try Self.read(P.file(deep)) }
    let many = P.emptyList + [UInt8](repeating: 0, count: 4_000_000).flatMap { _ in [0x4E, 0x61] }
    expectError(.tooLarge) { _ = try Self.read(P.file(many)) }
  }

  @Test func storagesAreChecked() {
    let value = P.tensor()
    let numbers = [UInt8](repeating: 0, count: 24)
    let wrong: [[UInt8]] = [
      P.file(value, keys: []), P.file(value, keys: ["1"]), P.file(value, keys: ["0", "0"]),
      P.file(value, storages: P.little(5, 8) + numbers.dropLast(4)),
      P.file(value, storages: P.little(-1, 8) + numbers), P.file(value, storages: [6, 0]),
      P.file(value, storages: P.little(6, 8) + numbers + [0]),
      P.file(P.none),
    ]
    for bytes in wrong { expectError(.damaged) { _ = try Self.read(bytes) } }
    let big = P.emptyDictionary + P.text("little_endian") + P.isFalse + P.setItem
    expectError(.unsupported) { _ = try Self.read(P.file(value, machine: big)) }
    let truths = P.tensor(P.storage("BoolStorage"))
    expectError(.damaged) {
      _ = try Self.read(P.file(truths, storages: P.little(6, 8) + [2, 0, 0, 0, 0, 0]))
    }
  }
}
