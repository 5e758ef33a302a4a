import Autoencoders
import Experiments
import Testing

@Suite struct ConfigurationTests {
  @Test func isDeclaredWithoutFault() {
    #expect(configurationFaults(of: AutoencoderConfiguration.self) == [])
  }

  @Test(arguments: [
    (3, 8, "3 convolutions cannot halve images of 28x28 that often; give fewer channels"),
    (1, 25, "batchSize 25 exceeds the 24 images of mnist; choose a smaller batchSize"),
  ])
  func thatDoesNotSuitTheDataIsRefused(halvings: Int, batchSize: Int, message: String) throws {
    let images = try TinyImages(side: 28)
    let error = #expect(throws: RunError.self) {
      try images.autoencoder {
        $0.architecture = .conv
        $0.channels = [Int](repeating: 2, count: halvings)
        $0.batchSize = batchSize
      }
    }
    #expect(error?.kind == .unsuitable)
    #expect(error?.description == message)
  }

  @Test func ofEveryNamedExperimentResolves() throws {
    let folder = Self.experiments
    let files = try folder.names().map { try folder.experiment(named: $0) }
      .filter { $0.module == Autoencoder.module }
    #expect(files.map(\.name).contains("vae-fashion"))
    for file in files {
      let resolved = try resolve(
        RunConfiguration<TrainingConfiguration, AutoencoderConfiguration>.self, file: file)
      #expect(resolved.entries.contains { $0.origin != .standard }, "\(file.name)")
      #expect(!file.summary.isEmpty)
    }
  }

  @Test func withoutAConvolutionToMakeIsRefused() throws {
    let file = try Self.experiments.experiment(named: "vae-conv-fashion")
    let error = #expect(throws: ConfigurationError.self) {
      try resolve(
        RunConfiguration<TrainingConfiguration, AutoencoderConfiguration>.self, file: file,
        overrides: ["channels=[]"])
    }
    #expect(error.map { "\($0)" }?.contains("channels") == true)
  }

  /// The folder of named experiments, as it is shipped.
  private static var experiments: ExperimentFolder {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return ExperimentFolder("/\(root)/experiments")
  }
}
