import FeatureNetworks
import FileFormats
import NeuralNetworks
import Testing

@Suite struct FeatureWeightTests {
  private static let small = FeatureNetworkKind.squeezeNet

  /// What loading says about records.
  private func failure(
    _ kind: FeatureNetworkKind, _ records: [TensorRecord], through last: String? = nil,
    classifies: Bool = false
  ) throws -> FileError {
    try #require(throws: FileError.self) {
      try kind.network(from: records, path: "w.pth", through: last, classifies: classifies)
    }
  }

  @Test("each network's tensors are told from all others'", arguments: FeatureNetworkKind.allCases)
  func kinds(kind: FeatureNetworkKind) {
    let records = FormulaNetwork.zeros(of: kind)
    #expect(FeatureNetworkKind.kind(of: records) == kind)
    #expect(FeatureNetworkKind.kind(of: Array(records.dropFirst())) == nil)
  }

  @Test("classifiers, counts of batches and wrapping names are passed over")
  func extras() throws {
    let records = FormulaNetwork.records(of: .resNet18, through: "layer1.1")
    let extras = [
      TensorRecord(name: "bn1.num_batches_tracked", shape: [], values: [Int64(3)]),
      TensorRecord(name: "fc.weight", shape: [7, 512], values: [Float](repeating: 0, count: 3584)),
    ]
    let wrapped = (records + extras).map { $0.named("state_dict.module." + $0.name) }
    for file in [records, records + extras, wrapped] {
      let network = try FeatureNetworkKind.resNet18.network(
        from: file, path: "w.pth", through: "layer1.1")
      #expect(network.records() == records)
    }
  }

  @Test("what lies behind the last layer may be there or not, but must be the network's own")
  func truncated() throws {
    let all = FormulaNetwork.records(of: Self.small, classifies: true)
    let few = FormulaNetwork.records(of: Self.small, through: "fire2")
    for file in [all, few] {
      let network = try Self.small.network(from: file, path: "w.pth", through: "fire2")
      #expect(network.records() == few)
    }
    let other = few + [TensorRecord(name: "features.99.weight", values: [Float(1)])]
    let error = try failure(Self.small, other, through: "fire2")
    #expect(error.message.contains("1 unexpected (features.99.weight)"))
  }

  @Test("timm's names are EfficientNet-Lite0's too")
  func timm() throws {
    let depths = [1, 2, 2, 3, 3, 4, 1]
    let norm = ["weight", "bias", "running_mean", "running_var"]
    func names(_ path: String, _ parts: [(String, String)]) -> [String] {
      parts.flatMap { convolution, normalization in
        ["\(path)\(convolution).weight"] + norm.map { "\(path)\(normalization).\($0)" }
      }
    }
    var inFile = names("", [("conv_stem", "bn1")])
    for (stage, depth) in depths.enumerated() {
      for block in 0..<depth {
        inFile += names(
          "blocks.\(stage).\(block).",
          stage == 0
            ? [("conv_dw", "bn1"), ("conv_pw", "bn2")]
            : [("conv_pw", "bn1"), ("conv_dw", "bn2"), ("conv_pwl", "bn3")])
      }
    }
    inFile += names("", [("conv_head", "bn2")]) + ["classifier.weight", "classifier.bias"]
    let kind = FeatureNetworkKind.efficientNetLite0
    let records = FormulaNetwork.records(of: kind, classifies: true)
    #expect(records.count == inFile.count)
    let renamed = zip(records, inFile).map { $0.named($1) }
    let network = try kind.network(from: renamed, path: "w.pth", classifies: true)
    #expect(network.records() == records)
    #expect(FeatureNetworkKind.kind(of: renamed) == kind)
  }

  @Test("another network's tensors are refused with what differs and whose they are")
  func otherNetwork() throws {
    let error = try failure(.squeezeNet, FormulaNetwork.zeros(of: .resNet18))
    #expect(error.problem == .unsupported && error.path == "w.pth")
    #expect(error.message.contains("not the weights of squeezenet1_1: 50 missing (features."))
    #expect(error.message.contains(" and 47 more), 100 unexpected (conv1.weight, bn1.weight, "))
    #expect(error.hint == "they are those of resnet18")
    #expect(try failure(.vgg16, []).hint == nil)
  }

  @Test("a missing tensor and one of another shape are named")
  func faults() throws {
    let records = FormulaNetwork.records(of: Self.small)
    let missing = try failure(Self.small, Array(records.dropLast()))
    #expect(missing.message.hasSuffix("1 missing (features.12.expand3x3.bias)"))
    let narrow = [FormulaNetwork.record("features.0.weight", [64, 1, 3, 3])] + records.dropFirst()
    #expect(
      try failure(Self.small, narrow).message.contains(
        "1 of another shape (features.0.weight has shape [64, 1, 3, 3], expected [64, 3, 3, 3])"))
    let headless = try failure(Self.small, records, classifies: true)
    #expect(headless.message.hasSuffix("2 missing (classifier.1.bias, classifier.1.weight)"))
  }

  @Test("numbers that cannot be weights are refused")
  func numbers() throws {
    let records = FormulaNetwork.records(of: .resNet18, through: "relu1")
    func replacing(_ name: String, _ record: TensorRecord) throws -> FileError {
      try failure(
        .resNet18, records.map { $0.name == name ? record : $0 }, through: "relu1")
    }
    let ones = [Float](repeating: 1, count: 63)
    for value in [Float.nan, .infinity] {
      let error = try replacing(
        "bn1.weight", TensorRecord(name: "bn1.weight", values: ones + [value]))
      #expect(error.problem == .damaged && error.place == "tensor 'bn1.weight'")
    }
    let variance = TensorRecord(name: "bn1.running_var", values: ones + [-0.5])
    #expect(try replacing("bn1.running_var", variance).problem == .damaged)
    let double = TensorRecord(name: "bn1.bias", values: [Double](repeating: 1, count: 64))
    #expect(try replacing("bn1.bias", double).message.contains("F64, expected F32"))
  }
}

extension TensorRecord {
  /// The same under another name.
  fileprivate func named(_ name: String) -> TensorRecord {
    TensorRecord(name: name, elementType: elementType, shape: shape, bytes: bytes)
  }
}
