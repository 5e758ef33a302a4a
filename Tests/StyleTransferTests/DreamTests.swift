import Experiments
import FileFormats
import Imaging
import StyleTransfer
import Testing

@Suite struct DreamTests {
  private func dream(
    threads: Int = 1, _ change: (inout DreamConfiguration) -> Void = { _ in }
  ) throws -> DeepDream {
    var configuration = DreamConfiguration()
    configuration.content = "drawn:landscape"
    configuration.size = 48
    configuration.octaves = 2
    configuration.octaveSteps = 4
    configuration.layers = ["relu2_2"]
    change(&configuration)
    return try DeepDream(configuration, in: RunContext(seed: 1, threads: threads))
  }

  @Test("features grow within each octave", arguments: ["drawn:landscape", ""])
  func grows(content: String) throws {
    var dream = try dream { $0.content = content }
    let activations = try (0..<8).map { try #require(try dream.step($0)["activation"]) }
    #expect(activations[3] > 1.02 * activations[0])
    #expect(activations[7] > 1.02 * activations[4])
    let picture = try dream.picture()
    #expect((picture.width, picture.height) == (48, 48))
  }

  @Test("a saved dream goes on to the bit, on any threads", arguments: [1, 4, 6])
  func goesOn(pause: Int) throws {
    var whole = try dream()
    var first = try dream(threads: 2)
    let metrics = try (0..<8).map { try whole.step($0) }
    for step in 0..<pause { _ = try first.step(step) }
    var second = try dream()
    try second.restore(
      SafeTensors.decode(SafeTensors.encode(first.state()), path: "saved.safetensors").records)
    #expect(try (pause..<8).map { try second.step($0) } == Array(metrics[pause...]))
    #expect(second.state() == whole.state())
  }

  @Test("octaves too small for the layers are refused")
  func refuses() throws {
    let error = #expect(throws: RunError.self) {
      try dream { ($0.octaves, $0.layers) = (8, ["relu4_1"]) }
    }
    #expect(error?.kind == .unsuitable)
  }
}
