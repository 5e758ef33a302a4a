import FileFormats
import Testing

/// `atelier visualize`, `atelier latent embed` and `atelier describe --graph`, from outside.
@Suite struct VisualizeCommandTests {
  private let folder = TemporaryFolder()

  /// A run of four steps on sprites.
  private func run(_ module: String, _ keys: String) throws {
    let file = try folder.write("module: \(module)\ndataset: sprites\n\(keys)\n", to: "mine.yaml")
    let outcome = try Program.run(
      ["run", file, "--smoke", "-q", "--out", folder.path + "/out", "imageLimit=200"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  private func classifierRun() throws {
    try run("classifier", "channels: [4, 6]\nfeatures: 8\nbatchSize: 50")
  }

  private func look(_ arguments: [String]) throws -> Program.Outcome {
    try Program.run(
      ["visualize", "mine-001", "--out", folder.path + "/out", "--threads", "1"] + arguments)
  }

  private func isPicture(_ path: String) throws -> Bool {
    try Files.read(path).starts(with: [0x89, 0x50, 0x4E, 0x47])
  }

  @Test func everyViewWritesAPictureAndItsFigures() throws {
    try classifierRun()
    for (view, arguments) in [
      ("activations", ["--image", "3"]), ("filters", ["--count", "3", "--steps", "2"]),
      ("cam", ["--image", "1", "2"]), ("occlusion", ["--image", "0", "--patch", "16"]),
      ("saliency", ["--count", "2", "--smooth", "3"]), ("maximal", ["--count", "2"]),
      ("tsne", ["--images", "40", "--iterations", "20"]),
    ] {
      let file = "\(folder.path)/\(view).png"
      let outcome = try look([view, "-o", file, "--json"] + arguments)
      #expect(outcome.status == 0 && outcome.errors == "", "\(view): \(outcome.errors)")
      let json = try JSON.decode(Array(outcome.output.utf8), path: "output")
      #expect(json["files"]?.elements?.first?.stringValue == file)
      #expect(try isPicture(file))
    }
  }

  @Test func figuresAreThoseOfTheImages() throws {
    try classifierRun()
    let outcome = try look(
      ["cam", "--image", "4", "7", "--layer", "body.5", "--json", "-o", folder.path + "/cam.png"])
    let json = try JSON.decode(Array(outcome.output.utf8), path: "output")
    #expect(json["view"]?.stringValue == "cam")
    #expect(json["layer"]?["path"]?.stringValue == "body.5")
    #expect(json["layer"]?["kind"]?.stringValue == "relu")
    let images = json["images"]?.elements ?? []
    #expect(images.map { $0["image"]?.integerValue } == [4, 7])
    for image in images {
      #expect(image["predicted"]?.stringValue == image["class"]?.stringValue)
      #expect((0...1).contains(image["probability"]?.doubleValue ?? -1))
      #expect(image["label"]?.stringValue?.isEmpty == false)
    }
    let label = try #require(images.first?["label"]?.stringValue)
    let named = try look(
      [
        "cam", "--image", "4", "--class", label.uppercased(), "--json", "-o",
        folder.path + "/c.png",
      ])
    let second = try JSON.decode(Array(named.output.utf8), path: "output")
    #expect(second["images"]?.elements?.first?["class"]?.stringValue == label)
  }

  @Test func severalImagesAreSeveralFiles() throws {
    try classifierRun()
    let outcome = try look(["activations", "--image", "0", "5", "-o", folder.path + "/maps.png"])
    #expect(outcome.output == "\(folder.path)/maps-0.png\n\(folder.path)/maps-5.png\n")
    #expect(try isPicture(folder.path + "/maps-5.png"))
    let sameBytes = try Files.read(folder.path + "/maps-0.png")
    _ = try look(["activations", "--image", "0", "-o", folder.path + "/alone.png"])
    #expect(try Files.read(folder.path + "/alone.png") == sameBytes)
  }

  @Test func wrongLooksAreOneLine() throws {
    try classifierRun()
    for (arguments, message) in [
      (["dreams"], "'dreams'"), ([], "<view>"),
      (["cam", "--layer", "body.55"], "did you mean 'body.5'?"),
      (["cam", "--layer", "head.1"], "no layer 'head.1' with pixels"),
      (["maximal", "--layer", "\u{1B}[2J"], "\\u{1B}[2J"),
      (["cam", "--class", "elipse"], "no class 'elipse'; did you mean 'ellipse'?"),
      (["cam", "--image", "200"], "--image 200 is not in 0...199."),
      (["cam", "--image", "1", "--count", "2"], "Either --image or --count, not both."),
      (["cam", "--layer", "body.2", "body.5"], "cam takes one --layer."),
      (["cam", "--patch", "3"], "--patch belongs to occlusion, not to cam."),
      (["filters", "--count", "7"], "--count 7 is not in 1...6."),
      (["filters", "--steps", "0"], "--steps 0 is not in 1...10000."),
      (["occlusion", "--patch", "1000"], "--patch 1000 is not in 1..."),
      (["saliency", "--smooth", "0"], "--smooth 0 is not in 1...1000."),
      (["tsne", "--images", "1"], "--images 1 is not in 2...5000."),
      (["tsne", "--perplexity", "nan"], "--perplexity nan is not in 1...1000."),
      (["tsne", "--images", "30", "--perplexity", "20"], "--perplexity 20.0 is too great"),
      (["tsne", "--method", "umap"], "umap"),
      (["tsne", "--method", "pca", "--iterations", "9"], "--iterations belongs to --method tsne."),
    ] as [([String], String)] {
      let outcome = try look(arguments)
      #expect(outcome.status == 64, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.output == "")
    }
  }

  @Test func aRunOfAnotherKindIsRefused() throws {
    try run("vae", "hidden: [8]")
    let outcome = try look(["cam"])
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("The run 'mine-001' of module vae cannot be looked into"))
    #expect(try Program.run(["visualize", "none-001", "cam"]).status == 66)
  }

  @Test func latentPointsAreBroughtIntoAPlane() throws {
    try run("vae", "hidden: [8]\nlatentSize: 5")
    let base = folder.path + "/map"
    let arguments = [
      "latent", "embed", "mine-001", "--out", folder.path + "/out", "-o", base + ".png",
    ]
    for method in [["--method", "pca"], ["--images", "60", "--iterations", "30"]] {
      let outcome = try Program.run(arguments + method)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.output
          == "\(base).png\n\(base)-images.png\n\(base)-images.svg\n\(base).csv\n")
    }
    let rows = String(decoding: try Files.read(base + ".csv"), as: UTF8.self).split(separator: "\n")
    #expect(rows.count == 61 && rows[0] == "image,class,x,y" && rows[1].hasPrefix("0,"))
    #expect(try isPicture(base + "-images.png"))
    let first = try Files.read(base + ".csv")
    for threads in ["1", "2"] {
      _ = try Program.run(
        arguments + ["--images", "60", "--iterations", "30", "--threads", threads])
      #expect(try Files.read(base + ".csv") == first)
    }
    let wrong = try Program.run(
      ["visualize", "mine-001", "tsne", "--out", folder.path + "/out"])
    #expect(wrong.status == 64)
  }

  @Test func aNetworkIsDrawn() throws {
    let file = try folder.write(
      "module: classifier\ndataset: sprites\nchannels: [4]\nfeatures: 8\nimageLimit: 200\nbatchSize: 50\n",
      to: "net.yaml")
    let dot = folder.path + "/net.dot"
    let outcome = try Program.run(["describe", file, "--graph", dot])
    #expect(outcome.status == 0 && outcome.errors.contains("the graph is in \(dot)"))
    let text = String(decoding: try Files.read(dot), as: UTF8.self)
    #expect(text.contains(#"[label="0 Conv2D\nweight 4 x "#))
    #expect(text.contains(#"[label="images", shape=ellipse"#))
    #expect(try Program.run(["describe", file, "--graph", folder.path + "/net.mmd"]).status == 0)
    let wrong = try Program.run(["describe", file, "--graph", folder.path + "/net.pdf"])
    #expect(wrong.status == 64 && wrong.errors.contains(".dot, .mmd, .svg, .png"))
    let missing = try Program.run(
      ["describe", file, "--graph", folder.path + "/net.svg"],
      environment: ["PATH": folder.path])
    #expect(missing.status == 66 && missing.errors.contains("install the package 'graphviz'"))
    #expect(try Files.names(in: folder.path).allSatisfy { !$0.contains(".graph-") })
  }
}
