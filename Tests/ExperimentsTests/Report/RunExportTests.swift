import Experiments
import FileFormats
import Testing

@Suite struct RunExportTests {
  private let workshop = Workshop()

  private func export(_ format: ExportFormat, of run: RunFolder) throws -> [String] {
    let path = workshop.path + "/out"
    return try RunExport(RunSummary(run)).write(format, to: path) { Issue.record("\($0)") }
  }

  @Test func theTableHoldsEveryLine() throws {
    let run = try workshop.begin(["train.epochs=2", "train.logEvery=1"]).folder
    let lines = try MetricsLine.read(run)
    let file = try #require(export(.csv, of: run).first)
    let rows = String(decoding: try Files.read(file), as: UTF8.self).split(separator: "\n")
    #expect(rows.first == "kind,step,epoch,loss,speed")
    #expect(rows.count == lines.count + 1)
    let second = lines[1]
    #expect(rows[2] == "train,2,1,\(try #require(second.metrics["loss"])),")
  }

  @Test(arguments: [ExportFormat.npz, .safetensors])
  func theWeightsComeWithoutTheOptimizerAndTheirNetworksName(format: ExportFormat) throws {
    let run = try workshop.begin(["train.epochs=1"]).folder
    let file = try #require(export(format, of: run).first)
    let records =
      format == .npz ? try NPZ.read(file) : try SafeTensors.read(file).records
    #expect(records.map(\.name) == ["point"])
    let saved = try SafeTensors.read(workshop.checkpoint(4))
    #expect(records[0].bytes == saved["walker.point"]?.bytes)
  }

  @Test func aRunWithoutCheckpointOrMeasuresCannotBeExported() throws {
    _ = try? workshop.begin(["train.epochs=2"], trouble: .crash(step: 0))
    let run = RunFolder(path: workshop.outputs + "/descent-001")
    for format in ExportFormat.allCases {
      let error = #expect(throws: RunError.self) { try export(format, of: run) }
      #expect(error?.kind == .damaged)
    }
  }

  @Test func theEventsHoldEveryMeasureAndPicture() throws {
    let run = try workshop.begin(["train.epochs=2", "train.exportEvery=1"]).folder
    let files = try export(.tensorboard, of: run)
    #expect(
      files.map { Files.name(of: Files.folder(of: $0)) } == ["train", "test", "pictures"])
    let lines = try MetricsLine.read(run)
    let events = try files.map { try Event.read($0) }
    #expect(events.allSatisfy { $0.first?.version == "brain.Event:2" })
    for (kind, events) in zip([MetricsLine.Kind.train, .evaluation], events) {
      let found = events.dropFirst().flatMap { event in
        event.values.map { "\(event.step) \($0.tag) \($0.scalar ?? .nan)" }
      }
      let expected = lines.filter { $0.kind == kind }.flatMap { line in
        line.metrics.measures.map { "\(line.step) \($0.name) \(Float($0.value))" }
      }
      #expect(found == expected)
    }
    let pictures = events[2].dropFirst()
    #expect(pictures.map(\.step) == [4, 8])
    let last = try #require(pictures.last?.values.first)
    #expect(last.tag == "place")
    #expect(last.size == [1, 1, 3])
    #expect(last.image == (try Files.read(run.images + "/place.png")))
    #expect(
      try export(.tensorboard, of: run).map { try Event.read($0).count } == events.map(\.count))
  }
}

/// A message of an event file, read by the rules of TFRecord and Protocol Buffers.
private struct Event {
  struct Value {
    var tag = ""
    var scalar: Float?
    var size: [Int] = []
    var image: [UInt8] = []
  }

  var version: String?
  var step = 0
  var values: [Value] = []

  struct Malformed: Error {}

  static func read(_ path: String) throws -> [Event] {
    var rest = try Files.read(path)[...]
    var events: [Event] = []
    func number(_ count: Int) -> UInt64 {
      let bytes = rest.prefix(count)
      rest = rest.dropFirst(count)
      return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    func checks(_ bytes: ArraySlice<UInt8>) -> Bool {
      let turned = UInt32(number(4)) &- 0xA282_EAD8
      return turned << 15 | turned >> 17 == CRC32C.checksum(of: Array(bytes))
    }
    while !rest.isEmpty {
      let length = rest.prefix(8)
      let count = Int(number(8))
      guard checks(length) else { throw Malformed() }
      let message = rest.prefix(count)
      rest = rest.dropFirst(count)
      guard checks(message) else { throw Malformed() }
      events.append(try Event(message))
    }
    return events
  }

  private init(_ message: ArraySlice<UInt8>) throws {
    for (field, _, bytes) in try Self.fields(message) where field == 3 {
      version = String(decoding: bytes, as: UTF8.self)
    }
    for (field, number, bytes) in try Self.fields(message) {
      if field == 2 { step = Int(number) }
      guard field == 5 else { continue }
      for (_, _, value) in try Self.fields(bytes) { values.append(try Self.value(value)) }
    }
  }

  private static func value(_ message: ArraySlice<UInt8>) throws -> Value {
    var value = Value()
    for (field, number, bytes) in try fields(message) {
      switch field {
      case 1: value.tag = String(decoding: bytes, as: UTF8.self)
      case 2: value.scalar = Float(bitPattern: UInt32(number))
      default:
        for (field, number, bytes) in try fields(bytes) {
          if field < 4 { value.size.append(Int(number)) } else { value.image = Array(bytes) }
        }
      }
    }
    return value
  }

  /// The fields of a message: each with its number, or its bytes.
  private static func fields(
    _ message: ArraySlice<UInt8>
  ) throws -> [(field: Int, number: UInt64, bytes: ArraySlice<UInt8>)] {
    var rest = message
    var fields: [(Int, UInt64, ArraySlice<UInt8>)] = []
    func varint() -> UInt64 {
      var (value, shift) = (UInt64(0), UInt64(0))
      while let byte = rest.popFirst() {
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { break }
        shift += 7
      }
      return value
    }
    func bytes(_ count: Int) -> ArraySlice<UInt8> {
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    while !rest.isEmpty {
      let key = varint()
      switch key & 7 {
      case 0: fields.append((Int(key >> 3), varint(), []))
      case 2: fields.append((Int(key >> 3), 0, bytes(Int(varint()))))
      case 1, 5:
        let number = bytes(key & 7 == 1 ? 8 : 4).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        fields.append((Int(key >> 3), number, []))
      default: throw Malformed()
      }
    }
    return fields
  }
}
