import FileFormats

/// `model.json`: the layers and programs of a run, so that it can be looked at without being built.
public enum ModelFile {
  /// Writes what an experiment consists of into the folder of its run.
  static func write(_ description: ExperimentDescription, to folder: RunFolder) throws(FileError) {
    let json: JSON = [
      "layers": description.layersJSON, "programs": description.programsJSON,
      "notes": description.notesJSON,
    ]
    try DurableFile.write(Array((json.text(pretty: true) + "\n").utf8), to: folder.model)
  }

  /// What a run consists of, without its sources; nil when the file is missing or damaged.
  public static func read(_ folder: RunFolder) -> ExperimentDescription? {
    guard let bytes = try? Files.read(folder.model, limit: 16 << 20),
      let json = try? JSON.decode(bytes, path: folder.model)
    else { return nil }
    return ExperimentDescription(
      layers: (json["layers"]?.elements ?? []).compactMap(ExperimentDescription.Layer.init),
      programs: (json["programs"]?.elements ?? []).compactMap(ExperimentDescription.Program.init),
      notes: (json["notes"]?.elements ?? []).compactMap(ExperimentDescription.Note.init))
  }
}

extension ExperimentDescription {
  /// The layers as JSON.
  public var layersJSON: JSON {
    .array(
      layers.map { layer in
        [
          "path": .string(layer.path), "kind": .string(layer.kind),
          "outputShape": .array(layer.outputShape.map { .integer(Int64($0)) }),
          "parameters": .integer(Int64(layer.parameters)),
        ]
      })
  }

  /// The notes as JSON.
  public var notesJSON: JSON {
    .array(notes.map { ["name": .string($0.name), "text": .string($0.text)] })
  }

  /// The programs as JSON.
  public var programsJSON: JSON {
    .array(
      programs.map { program in
        var members: [JSON.Member] = [
          .init("name", .string(program.name)), .init("flops", .integer(Int64(program.flops))),
          .init("bytesMoved", .integer(Int64(program.bytesMoved))),
          .init("memoryBytes", .integer(Int64(program.memoryBytes))),
        ]
        if let freezing = program.freezing {
          members.append(.init("freezing", freezing.json(ofFlops: program.flops)))
        }
        return .object(members)
      })
  }
}

extension ExperimentDescription.Freezing {
  fileprivate func json(ofFlops flops: Int) -> JSON {
    [
      "networks": .array(
        networks.map { network in
          [
            "name": .string(network.name), "updates": .integer(Int64(network.updates)),
            "gradients": .integer(Int64(network.gradients)),
          ]
        }), "unfrozenFlops": .integer(Int64(unfrozenFlops)),
      "savedShare": .number(share(ofFlops: flops)),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let flops = json["unfrozenFlops"]?.integerValue else { return nil }
    self.init(
      networks: (json["networks"]?.elements ?? []).compactMap { network in
        guard let name = network["name"]?.stringValue,
          let updates = network["updates"]?.integerValue,
          let gradients = network["gradients"]?.integerValue
        else { return nil }
        return Network(name: name, updates: updates, gradients: gradients)
      }, unfrozenFlops: flops)
  }
}

extension ExperimentDescription.Note {
  fileprivate init?(_ json: JSON) {
    guard let name = json["name"]?.stringValue, let text = json["text"]?.stringValue else {
      return nil
    }
    self.init(name, text)
  }
}

extension ExperimentDescription.Layer {
  fileprivate init?(_ json: JSON) {
    guard let path = json["path"]?.stringValue, let kind = json["kind"]?.stringValue,
      let parameters = json["parameters"]?.integerValue
    else { return nil }
    self.init(
      path: path, kind: kind,
      outputShape: (json["outputShape"]?.elements ?? []).compactMap(\.integerValue),
      parameters: parameters)
  }
}

extension ExperimentDescription.Program {
  fileprivate init?(_ json: JSON) {
    guard let name = json["name"]?.stringValue, let flops = json["flops"]?.integerValue,
      let bytesMoved = json["bytesMoved"]?.integerValue,
      let memoryBytes = json["memoryBytes"]?.integerValue
    else { return nil }
    self.init(
      name: name, flops: flops, bytesMoved: bytesMoved, memoryBytes: memoryBytes,
      freezing: json["freezing"].flatMap(ExperimentDescription.Freezing.init))
  }
}
