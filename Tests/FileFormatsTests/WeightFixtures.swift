import FileFormats
import Testing

/// The small weight files that `scripts/weight-fixtures` wrote.
enum WeightFixtures {
  private static let folder =
    Files.folder(of: Files.folder(of: #filePath)) + "/Fuzz/Seeds/weights/"

  static func path(_ name: String) -> String { folder + name }

  static func bytes(_ name: String) throws -> [UInt8] { try Files.read(path(name)) }
}

/// A writer of a few of the pickles' instructions, for files that PyTorch would not write.
enum PickleBytes {
  static let stop: [UInt8] = [0x2E]
  static let mark: [UInt8] = [0x28]
  static let tuple: [UInt8] = [0x74]
  static let emptyTuple: [UInt8] = [0x29]
  static let emptyList: [UInt8] = [0x5D]
  static let emptyDictionary: [UInt8] = [0x7D]
  static let append: [UInt8] = [0x61]
  static let setItem: [UInt8] = [0x73]
  static let none: [UInt8] = [0x4E]
  static let isFalse: [UInt8] = [0x89]
  static let reduce: [UInt8] = [0x52]
  static let newObject: [UInt8] = [0x81]
  static let build: [UInt8] = [0x62]
  static let persistentID: [UInt8] = [0x51]

  /// A pickle of version 2.
  static func pickle(_ body: [UInt8]) -> [UInt8] { [0x80, 2] + body + stop }

  static func text(_ text: String) -> [UInt8] {
    [0x58] + little(text.utf8.count, 4) + Array(text.utf8)
  }

  /// Eight bytes with a sign.
  static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + little(value, 8) }

  static func tuple(_ items: [UInt8]...) -> [UInt8] { mark + items.joined() + tuple }

  static func tuple(_ numbers: [Int]) -> [UInt8] { mark + numbers.flatMap(integer) + tuple }

  static func list(_ items: [[UInt8]]) -> [UInt8] { emptyList + mark + items.joined() + [0x65] }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    [0x63] + Array("\(module)\n\(name)\n".utf8)
  }

  static func call(_ module: String, _ name: String, _ arguments: [UInt8]...) -> [UInt8] {
    global(module, name) + mark + arguments.joined() + tuple + reduce
  }

  static func storage(
    _ type: String = "FloatStorage", key: String = "0", count: Int = 6, view: [UInt8] = none
  ) -> [UInt8] {
    tuple(
      text("storage"), global("torch", type), text(key), text("cpu"), integer(count), view)
      + persistentID
  }

  static func tensor(
    _ storage: [UInt8] = storage(), offset: Int = 0, shape: [Int] = [2, 3], strides: [Int] = [3, 1]
  ) -> [UInt8] {
    call(
      "torch._utils", "_rebuild_tensor_v2", storage, integer(offset), tuple(shape), tuple(strides),
      isFalse, emptyDictionary)
  }

  /// A file of the format before 1.6 with this value, and one storage of six numbers unless told
  /// otherwise.
  static func file(
    _ value: [UInt8], machine: [UInt8] = emptyDictionary, keys: [String] = ["0"],
    storages: [UInt8] = little(6, 8) + [UInt8](repeating: 0, count: 24)
  ) -> [UInt8] {
    let magic: [UInt8] = [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    return pickle(magic) + pickle(integer(1001)) + pickle(machine) + pickle(value)
      + pickle(list(keys.map(text))) + storages
  }

  static func little(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
