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
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> [Target] {
  [
    .target(name: name, dependencies: dependencies, swiftSettings: strict),
    .testTarget(
      name: name + "Tests", dependencies: [.byName(name: name)] + dependencies,
      swiftSettings: strict),
  ]
}

let systemLibraries: [Target] = [
  .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .target(name: "CPNG", linkerSettings: [.linkedLibrary("png16")]),
  .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
  .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),
  .target(name: "CVectorMath", linkerSettings: [.linkedLibrary("m")]),
]

let package = Package(
  name: "atelier",
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: systemLibraries
    + room("FileFormats", ["CZlib"])
    + room("Randomness", [.product(name: "RealModule", package: "swift-numerics")])
    + room("Imaging", ["CPNG", "CJPEG"])
    + room("Datasets", ["FileFormats", "Imaging", "Randomness"])
    + room(
      "TensorEngine",
      [
        "COpenBLAS", "COneDNN", "CVectorMath", "Randomness",
        .product(name: "RealModule", package: "swift-numerics"),
      ])
    + room("NeuralNetworks", ["TensorEngine", "FileFormats", "Randomness"])
    + room(
      "Experiments", ["NeuralNetworks", "TensorEngine", "Imaging", "FileFormats", "Randomness"])
    + room(
      "Autoencoders",
      ["Experiments", "NeuralNetworks", "TensorEngine", "Datasets", "Imaging", "Randomness"])
    + [
      .executableTarget(
        name: "atelier",
        dependencies: [
          "Experiments", "FileFormats", "Datasets",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: strict),
      .testTarget(
        name: "AtelierTests", dependencies: ["atelier", "FileFormats"], swiftSettings: strict),
    ]
)
