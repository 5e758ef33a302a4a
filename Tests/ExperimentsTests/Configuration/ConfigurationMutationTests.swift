import Experiments
import Randomness
import Testing

@Suite("Mutated configurations")
struct ConfigurationMutationTests {
  private static let text = """
    # A sample of everything.
    module: vae
    summary: "A \\"sample\\" \\u00e9"
    latentSize: 20
    hidden: [512, 512]   # units
    scales:
      - 1
      - .5
    likelihood: gaussian
    binarize: false
    dataset: 'it''s'
    layers: [a, "b c", {x: [1]}]
    optimizer:
      learningRate: 1e-4
      schedule: { warmup: 100,
        decay: 3 }
    train:
      epochs: 3

    """

  private static let fragments: [[UInt8]] = [
    "\n", "  ", ": ", "- ", "[", "]", "{", "}", ",", "#", "\"", "'", "\\", "\\u", "&", "*", "!",
    "|",
    "<<: ", "---\n", "\t", "\0", "\u{FEFF}", "\u{202E}", "é", "1e308", "99999999999999999999", "-1",
    "module: x\n", "extends: sample\n",
  ].map { Array($0.utf8) }

  /// The bytes with a few of them replaced, removed, repeated, or joined by YAML's own marks.
  private func mutated(_ bytes: [UInt8], by random: inout RandomStream) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.integer(below: 4) {
      let start = random.integer(below: bytes.count + 1)
      let end = min(bytes.count, start + random.integer(below: 12))
      switch random.integer(below: 5) {
      case 0: bytes.insert(UInt8(random.integer(below: 256)), at: start)
      case 1: bytes.removeSubrange(start..<end)
      case 2: bytes.insert(contentsOf: bytes[start..<end], at: random.integer(below: start + 1))
      case 3: bytes.removeSubrange(start...)
      default:
        bytes.insert(
          contentsOf: Self.fragments[random.integer(below: Self.fragments.count)], at: start)
      }
    }
    return bytes
  }

  /// The error's text must be safe to print and every place must exist.
  private func check(_ error: ConfigurationError) {
    #expect(error.description.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    for place in error.diagnostics.compactMap(\.place) {
      #expect(place.line >= 1 && place.column >= 1)
    }
  }

  @Test("are read or refused, never more")
  func files() {
    var random = RandomStream(seed: 1, name: "mutated files")
    var read = 0
    for _ in 0..<4000 {
      let bytes = mutated(Array(Self.text.utf8), by: &random)
      do throws(ConfigurationError) {
        let source = try SourceText(path: "f.yaml", bytes: bytes)
        let file = try ExperimentFile(name: "f", source: source) {
          _, place throws(ConfigurationError) in place.source
        }
        let resolved = try resolve(SampleRun.self, file: file)
        #expect(SampleRun.schemaRows.count == resolved.entries.count)
        read += 1
      } catch {
        check(error)
      }
    }
    #expect(0 < read && read < 4000)
  }

  @Test("of the command line are read or refused, never more")
  func overrides() throws {
    let good = [
      "train.epochs=5", "hidden=[400, 400]", "optimizer={learningRate: 0.5}", "dataset='it''s'",
    ]
    var random = RandomStream(seed: 2, name: "mutated overrides")
    var read = 0
    for number in 0..<3000 {
      let bytes = mutated(Array(good[number % good.count].utf8), by: &random)
      do {
        _ = try sample("", [String(decoding: bytes, as: UTF8.self)])
        read += 1
      } catch let error as ConfigurationError {
        check(error)
      }
    }
    #expect(0 < read && read < 3000)
  }
}
