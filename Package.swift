// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is held to the same rules.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A Swift target of this package, and the tests that belong to it.
func room(
  _ name: String, _ dependencies: [Target.Dependency] = [],
  testing: [Target.Dependency] = []
) -> [Target] {
  [
    .target(name: name, dependencies: dependencies, swiftSettings: strict),
    .testTarget(
      name: name + "Tests", dependencies: [.byName(name: name)] + dependencies + testing,
      swiftSettings: strict),
  ]
}

/// The parsers' fuzzer, which libFuzzer's main calls: `scripts/reliability/fuzz` alone builds it.
let fuzzer: [Target] =
  Context.environment["ATELIER_FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "Fuzz",
      dependencies: ["Autoencoders", "Datasets", "Experiments", "FileFormats", "Imaging"],
      path: "Tests/Fuzz", exclude: ["Seeds"], swiftSettings: strict)
  ]

let systemLibraries: [Target] = [
  .systemLibrary(
    name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .target(name: "CPNG", linkerSettings: [.linkedLibrary("png16")]),
  .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
  .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),
  .target(
    name: "CBox2D", cxxSettings: [.define("ATELIER_BOX2D", .when(traits: ["Box2D"]))],
    linkerSettings: [.linkedLibrary("box2d", .when(traits: ["Box2D"]))]),
  .target(name: "CFeatureWeights", exclude: ["small.safetensors"]),
  .target(name: "CVectorMath", linkerSettings: [.linkedLibrary("m")]),
]

let package = Package(
  name: "atelier",
  traits: [
    .trait(name: "OneDNN", description: "Convolutions by oneDNN, to compare our own with."),
    .trait(name: "Box2D", description: "LunarLander, over Box2D."),
    .default(enabledTraits: ["OneDNN"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: systemLibraries
    + [
      .testTarget(
        name: "CVectorMathTests", dependencies: ["CVectorMath", "Randomness"],
        swiftSettings: strict)
    ]
    + room("FileFormats", ["CZlib"])
    + room("Randomness", [.product(name: "RealModule", package: "swift-numerics")])
    + room("Measures", ["Randomness"])
    + room("Imaging", ["FileFormats", "CPNG", "CJPEG"])
    + room("Datasets", ["FileFormats", "Imaging", "Randomness"])
    + room(
      "Environments",
      [
        "FileFormats", "Imaging",
        .target(name: "CBox2D", condition: .when(traits: ["Box2D"])),
        .product(name: "RealModule", package: "swift-numerics"),
      ])
    + room(
      "TensorEngine",
      [
        "COpenBLAS", "CVectorMath", "Randomness",
        .target(name: "COneDNN", condition: .when(traits: ["OneDNN"])),
        .product(name: "RealModule", package: "swift-numerics"),
      ], testing: ["TensorEngineChecks"])
    + [
      .target(
        name: "TensorEngineChecks", dependencies: ["TensorEngine", "Randomness"],
        swiftSettings: strict)
    ]
    + room(
      "NeuralNetworks",
      [
        "TensorEngine", "FileFormats", "Randomness",
        .product(name: "RealModule", package: "swift-numerics"),
      ], testing: ["TensorEngineChecks"])
    + room(
      "FeatureNetworks",
      ["CFeatureWeights", "FileFormats", "NeuralNetworks", "TensorEngine", "Randomness"])
    + room(
      "Experiments",
      [
        "Datasets", "NeuralNetworks", "TensorEngine", "Imaging", "FileFormats", "Randomness",
        .product(name: "RealModule", package: "swift-numerics"),
      ])
    + room(
      "Autoencoders",
      [
        "Experiments", "Measures", "NeuralNetworks", "TensorEngine", "Datasets", "Imaging",
        "FileFormats",
        "Randomness", .product(name: "RealModule", package: "swift-numerics"),
      ])
    + room(
      "Classifiers",
      [
        "Experiments", "Measures", "NeuralNetworks", "TensorEngine", "Datasets", "Imaging",
        "FileFormats", "Randomness", .product(name: "RealModule", package: "swift-numerics"),
      ])
    + room(
      "AdversarialNetworks",
      [
        "Experiments", "Measures", "NeuralNetworks", "TensorEngine", "Datasets", "Imaging",
        "FileFormats",
        "Randomness", .product(name: "RealModule", package: "swift-numerics"),
      ], testing: ["TensorEngineChecks"])
    + room(
      "StyleTransfer",
      [
        "Experiments", "FeatureNetworks", "NeuralNetworks", "TensorEngine", "Datasets", "Imaging",
        "FileFormats", "Randomness", .product(name: "RealModule", package: "swift-numerics"),
      ])
    + room(
      "SequenceModels",
      [
        "Experiments", "NeuralNetworks", "TensorEngine", "FileFormats", "Randomness",
        .product(name: "RealModule", package: "swift-numerics"),
      ])
    + room(
      "DeepQLearning",
      [
        "Environments", "Experiments", "NeuralNetworks", "TensorEngine", "Imaging", "FileFormats",
        "Randomness", .product(name: "RealModule", package: "swift-numerics"),
      ])
    + [
      .target(
        name: "Benchmarks",
        dependencies: [
          "Datasets", "DeepQLearning", "Experiments", "FeatureNetworks", "FileFormats",
          "NeuralNetworks", "Randomness", "StyleTransfer", "TensorEngine",
          .product(name: "RealModule", package: "swift-numerics"),
        ],
        path: "Benchmarks", swiftSettings: strict),
      .testTarget(
        name: "BenchmarksTests", dependencies: ["Benchmarks", "FileFormats", "TensorEngine"],
        swiftSettings: strict),
      .executableTarget(
        name: "atelier",
        dependencies: [
          "AdversarialNetworks", "Autoencoders", "Benchmarks", "Classifiers", "Datasets",
          "DeepQLearning", "Environments", "Experiments",
          "FeatureNetworks", "FileFormats", "Imaging", "Measures", "NeuralNetworks",
          "SequenceModels", "StyleTransfer", "TensorEngine", "TensorEngineChecks",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: strict),
      .testTarget(
        name: "AtelierTests", dependencies: ["atelier", "FileFormats"], swiftSettings: strict),
    ]
    + fuzzer
)
