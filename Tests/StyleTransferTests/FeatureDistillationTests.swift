import Experiments
import FeatureNetworks
import FileFormats
import Imaging
import NeuralNetworks
import Randomness
import TensorEngine
import Testing

@testable import StyleTransfer

/// A small network that learns the first layers of SqueezeNet, with random weights, from sprites and
/// drawn pictures.
@Suite struct FeatureDistillationTests {
  private func configuration() -> DistillationConfiguration {
    var configuration = DistillationConfiguration()
    configuration.data.dataset = "sprites"
    configuration.data.imageLimit = 20
    configuration.drawings = false
    configuration.teacher.network = .squeezeNet
    configuration.teacher.layers = ["relu1", "fire2"]
    configuration.batchSize = 2
    configuration.cropSize = 32
    configuration.testCrops = 8
    return configuration
  }

  private func experiment(threads: Int = 1) throws -> FeatureDistillation {
    try FeatureDistillation(configuration(), in: RunContext(seed: 1, threads: threads))
  }

  @Test("more of the teacher is explained with every step, at each of its layers")
  func learns() throws {
    var experiment = try experiment(threads: 2)
    let before = try experiment.evaluate()
    for number in 0..<40 { #expect(try experiment.step(number).firstNonFinite == nil) }
    let after = try experiment.evaluate()
    for name in ["explained", "explained.relu1", "explained.fire2"] {
      #expect(try #require(after[name]) > 0.3)
      #expect(try #require(after[name]) > (try #require(before[name])) + 0.1)
    }
    let (loss, explained) = (try #require(after["loss"]), try #require(after["explained"]))
    #expect(abs(loss + explained - 1) < 1e-6)
  }

  @Test("a run that is resumed ends with the same bytes, whatever the threads")
  func resumes() throws {
    var whole = try experiment()
    for number in 0..<4 { _ = try whole.step(number) }
    var first = try experiment(threads: 2)
    for number in 0..<2 { _ = try first.step(number) }
    _ = try first.evaluate()
    var resumed = try experiment()
    try resumed.restore(first.state())
    for number in 2..<4 { _ = try resumed.step(number) }
    #expect(resumed.state() == whole.state())
  }

  @Test("a checkpoint holds the student and its heads, not the teacher")
  func state() throws {
    let names = try experiment().state().map(\.name)
    #expect(names.contains("student.conv1_1.weight") && names.contains("heads.1.weight"))
    #expect(!names.contains { $0.hasPrefix("teacher") })
  }

  @Test("a layer is learnt where the student sees as finely")
  func lessons() throws {
    var configuration = configuration()
    configuration.teacher = TeacherConfiguration()
    configuration.teacher.layers = ["block15", "stem", "expand3"]
    #expect(configuration.problems.isEmpty && configuration.teacher.problems.isEmpty)
    var random = RandomStream(seed: 1, name: "weights")
    let teacher = FeatureNetworkKind.efficientNetLite0.network(random: &random)
    let lessons = DistillationPrograms(configuration, teacher: teacher, random: &random).lessons
    #expect(lessons.map(\.teacher.name) == ["stem", "expand3", "block15"])
    #expect(lessons.map(\.student.name) == ["relu2_2", "relu3_2", "relu4_2"])
    #expect(lessons.map(\.pooling) == [1, 1, 4])
  }

  @Test("keys that do not go together are told")
  func problems() {
    var configuration = configuration()
    configuration.cropSize = 48
    #expect(configuration.problems.map(\.key) == ["cropSize"])
    configuration.teacher.layers = ["relu9"]
    #expect(configuration.teacher.problems.map(\.key) == ["layers"])
    configuration.teacher.layers = ["relu1", "relu1"]
    #expect(configuration.teacher.problems.map(\.key) == ["layers"])
  }

  @Test("a file that holds no teacher is refused")
  func wrongTeacher() throws {
    var configuration = configuration()
    configuration.teacher.weights = "/nonexistent/teacher.safetensors"
    #expect(throws: FileError.self) {
      try FeatureDistillation(configuration, in: RunContext(seed: 1))
    }
  }
}

@Suite struct RandomCropsTests {
  @Test("a crop is a function of its number, of the asked size, and within its picture")
  func crops() {
    // Red tells the column and green the row, so that a crop shows where it is from.
    var pixels: [UInt8] = []
    for y in 0..<96 { for x in 0..<128 { pixels += [UInt8(2 * x), UInt8(2 * y), 7] } }
    let picture = Image(width: 128, height: 96, channels: 3, pixels: pixels)
    let crops = RandomCrops(of: [picture], side: 32, greatestScale: 2, seed: 1, name: "crops")
    var (widths, mirrored): (Set<Int>, Int) = ([], 0)
    for number in 0..<200 {
      let crop = crops.crop(number)
      #expect(crop.count == 3 * 32 * 32 && crop == crops.crop(number))
      let (first, last) = (Int(crop[0]), Int(crop[31]))
      widths.insert(abs(last - first) / 2 / 8)
      if last < first { mirrored += 1 }
      #expect(crop[2 * 32 * 32...].allSatisfy { $0 == 7 })
    }
    // Parts are 32 to 64 pixels wide, and about half of them mirrored.
    #expect(widths.contains(4) && widths.contains(7) && widths.isSubset(of: Set(3...7)))
    #expect((60...140).contains(mirrored))
  }

  @Test("a picture that is smaller than a crop is enlarged")
  func small() {
    let picture = Image(width: 40, height: 16, channels: 3, filledWith: .white)
    let crops = RandomCrops(of: [picture], side: 32, greatestScale: 2, seed: 1, name: "crops")
    #expect(crops.crop(0) == [UInt8](repeating: 255, count: 3 * 32 * 32))
  }
}
