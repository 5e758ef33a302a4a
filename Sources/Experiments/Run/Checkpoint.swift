import FileFormats

/// Everything a run needs to go on: one safetensors file.
///
/// The tensors are the experiment's. The metadata entry `atelier` is a JSON document with the rest
/// and with the CRC-32C of every tensor; the entry `digest` is the SHA-256 of that document. So a
/// change to any byte is found: of a tensor by its sum, of the document by the digest.
struct Checkpoint: Hashable {
  /// The version of the document that this program writes, and the newest it reads.
  static let version = 1
  private static let format = "atelier-checkpoint"

  /// How many steps were done.
  let step: Int
  /// How many bytes of `metrics.jsonl` belong to them.
  let metricsLength: Int
  /// Whether the step ended an epoch whose evaluation and exports are still to be done.
  let isEpochOpen: Bool
  /// The measures since the last line of `metrics.jsonl`.
  let means: RunningMeans
  /// The module, and the value of every key of the configuration.
  let configuration: [JSON.Member]
  /// The experiment's state.
  let records: [TensorRecord]

  /// The file, in pieces.
  func encoded() -> [[UInt8]] {
    let document: JSON = [
      "format": .string(Self.format), "version": .integer(Int64(Self.version)),
      "step": .integer(Int64(step)),
      "metricsLength": .integer(Int64(metricsLength)), "isEpochOpen": .bool(isEpochOpen),
      "means": means.json,
      "configuration": .object(configuration), "tensors": Self.seals(of: records),
    ]
    let text = document.text()
    return SafeTensors.chunks(
      records,
      metadata: [
        .init("atelier", text), .init("digest", SHA256.hexadecimal(of: Array(text.utf8))),
      ])
  }

  /// Reads the checkpoint at `path`.
  ///
  /// - Throws: `.damaged` when any byte is not what was written, `.unsupported` for a file of a
  ///   newer program, `.notFound`, `.inputOutput`.
  init(reading path: String) throws(FileError) {
    func damaged(_ message: String) -> FileError {
      FileError(.damaged, path: path, message)
    }
    let file = try SafeTensors.read(path)
    guard let text = file.metadata("atelier"), let digest = file.metadata("digest") else {
      throw damaged("no checkpoint: its metadata has no 'atelier' and 'digest'")
    }
    guard SHA256.hexadecimal(of: Array(text.utf8)) == digest else {
      throw damaged("the metadata is not what was written (SHA-256 differs)")
    }
    let document = try JSON.decode(Array(text.utf8), path: path)
    guard document["format"]?.stringValue == Self.format,
      let version = document["version"]?.integerValue
    else { throw damaged("expected the format '\(Self.format)'") }
    guard version <= Self.version else {
      throw FileError(
        .unsupported, path: path, "a checkpoint of version \(version), expected \(Self.version)",
        hint: "use the newer atelier that wrote it")
    }
    guard let step = document["step"]?.integerValue, step >= 0,
      let metricsLength = document["metricsLength"]?.integerValue, metricsLength >= 0,
      let means = document["means"].flatMap(RunningMeans.init),
      let configuration = document["configuration"]?.members
    else { throw damaged("the metadata lacks a field") }
    let written = document["tensors"]?.members ?? []
    for (written, found) in zip(written, Self.seals(of: file.records).members ?? [])
    where written != found {
      throw FileError(
        .damaged, path: path, place: "tensor '\(found.key)'",
        "not what was written (CRC-32C differs)")
    }
    guard written.count == file.records.count else { throw damaged("a tensor is missing") }
    self.init(
      step: step, metricsLength: metricsLength,
      isEpochOpen: document["isEpochOpen"] == .bool(true), means: means,
      configuration: configuration, records: file.records)
  }

  init(
    step: Int, metricsLength: Int, isEpochOpen: Bool, means: RunningMeans,
    configuration: [JSON.Member], records: [TensorRecord]
  ) {
    self.step = step
    self.metricsLength = metricsLength
    self.isEpochOpen = isEpochOpen
    self.means = means
    self.configuration = configuration
    self.records = records.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// What pins down each tensor, by name: `"F32 [3, 2] 8a9136aa"`.
  private static func seals(of records: [TensorRecord]) -> JSON {
    let sorted = records.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return .object(
      sorted.map { record in
        let sum = String(CRC32C.checksum(of: record.bytes), radix: 16)
        return .init(
          record.name, .string("\(record.elementType.rawValue) \(record.shape) \(sum)"))
      })
  }
}
