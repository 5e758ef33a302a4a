import FileFormats
import Glibc
import Testing

/// A new folder under /tmp that goes away, with all in it, when the value does.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/atelier-tests-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
  }

  deinit {
    try? Files.removeFolder(path)
  }

  func file(_ name: String, _ content: String = "") -> String {
    let path = path + "/" + name
    let file = unsafe fopen(path, "w")
    _ = unsafe fputs(content, file)
    _ = unsafe fclose(file)
    return path
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): numbers for tests, the same in every run.
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Calls `body` with `count` copies of `bytes`, each with one to four bytes changed, put in,
/// taken out, or the end cut off.
func forEachMutation(
  of bytes: [UInt8], count: Int, seed: UInt64, _ body: ([UInt8]) throws -> Void
) rethrows {
  var generator = TestGenerator(state: seed)
  for _ in 0..<count {
    var mutated = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !mutated.isEmpty {
      let place = Int.random(in: 0..<mutated.count, using: &generator)
      let byte = UInt8.random(in: 0...255, using: &generator)
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: mutated.insert(byte, at: place)
      case 1: mutated.remove(at: place)
      case 2: mutated.removeLast(mutated.count - place)
      case 3: mutated[place] ^= 1 << (byte & 7)
      default: mutated[place] = byte
      }
    }
    try body(mutated)
  }
}

/// The error `body` throws, which must be a `FileError` of this kind in one line.
@discardableResult
func expectError(
  _ problem: FileProblem, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) -> FileError? {
  let error = #expect(throws: FileError.self, sourceLocation: sourceLocation, performing: body)
  #expect(error?.problem == problem, "\(String(describing: error))", sourceLocation: sourceLocation)
  #expect(error?.description.contains("\n") != true, sourceLocation: sourceLocation)
  return error
}
