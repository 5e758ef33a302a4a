import FileFormats
import Testing

@Suite struct WeightFileTests {
  /// What NumPy wrote of a state dict, and what PyTorch wrote of it, in each of its formats.
  @Test(arguments: ["network", "types", "strided", "checkpoint", "protocol4", "tensor"])
  func pyTorchFilesAreRead(name: String) throws {
    let expected = try WeightFile.read(WeightFixtures.path(name + ".npz"))
    for (suffix, format) in [("", WeightFile.Format.pytorch), ("-legacy", .pytorchLegacy)] {
      let file = try WeightFile(WeightFixtures.path(name + suffix + ".pth"))
      #expect(file.format == format)
      let records = try file.records()
      // A tensor that is the whole of a file is named like it.
      let names = name == "tensor" ? [name + suffix] : expected.map(\.name)
      #expect(records.map(\.name) == names)
      for (record, expected) in zip(records, expected) {
        let record = record.elementType == .bfloat16 ? record.inSinglePrecision() : record
        #expect(record.elementType == expected.elementType, "\(record.name)")
        #expect(record.shape == expected.shape, "\(record.name)")
        #expect(record.bytes == expected.bytes, "\(record.name)")
      }
    }
  }

  @Test func deflatedArchivesAreRead() throws {
    let deflated = try WeightFile.read(WeightFixtures.path("network-deflated.pth"))
    #expect(try deflated == WeightFile.read(WeightFixtures.path("network.pth")))
  }

  @Test func everyTypeIsKnown() throws {
    let entries = try WeightFile(WeightFixtures.path("types.pth")).entries
    #expect(Set(entries.map(\.elementType)) == Set(TensorRecord.ElementType.allCases))
    let half = try #require(entries.first { $0.elementType == .float16 })
    #expect(half.name == "float16" && half.shape == [6])
    #expect(half.count == 6 && half.byteCount == 12)
  }

  /// The formats that the program writes, told by their content whatever the name is.
  @Test func otherFormatsAreRead() throws {
    let records = [
      TensorRecord(name: "a", shape: [2, 1], values: [1, -2] as [Float]),
      TensorRecord(name: "b", shape: [], values: [7] as [Int64]),
      TensorRecord(name: "c", elementType: .bool, shape: [3], bytes: [0, 1, 1]),
    ]
    let safetensors = try WeightFile(SafeTensors.encode(records), path: "x.pth")
    #expect(safetensors.format == .safetensors)
    #expect(try Set(safetensors.records()) == Set(records))
    let npz = try WeightFile(NPZ.encode(records, path: "x"), path: "x.safetensors")
    #expect(npz.format == .npz)
    #expect(try npz.records() == records)
    #expect(try npz.records { $0.name == "b" } == [records[1]])
    #expect(npz.entries.map(\.name) == ["a", "b", "c"])
    let npy = try WeightFile(NPY.encode(records[0]), path: "folder/a.pth")
    #expect(npy.format == .npy)
    #expect(try npy.records() == [records[0]])
    #expect(try WeightFile(NPZ.encode([], path: "x"), path: "x").entries.isEmpty)
  }

  @Test func filesOnTheDiskAreReadInParts() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/weights"
    let records = (0..<3).map {
      TensorRecord(name: "t\($0)", values: [Float](repeating: Float($0), count: 400_000))
    }
    try DurableFile.write(chunks: NPZ.chunks(records, path: path), to: path)
    #expect(try NPZ.read(path) == records)
    let file = try WeightFile(path)
    #expect(try file.records { $0.name != "t1" } == [records[0], records[2]])
    // The file that was opened stays, whatever takes its name.
    try DurableFile.write([1, 2, 3], to: path)
    #expect(try file.records { $0.name == "t1" } == [records[1]])
    expectError(.notFound) { _ = try WeightFile(folder.path + "/none") }
    expectError(.inputOutput) { _ = try WeightFile(folder.path) }
    expectError(.unsupported) { _ = try WeightFile(path) }
    expectError(.unsupported) { _ = try WeightFile([], path: "x") }
  }

  @Test func changedNumbersAreDamaged() throws {
    for name in ["network.pth", "network.npz", "network-deflated.pth"] {
      let whole = try WeightFixtures.bytes(name)
      let file = try WeightFile(whole, path: name)
      #expect(file.entries.count == 7)
      // The first bias is -1, -0.75, -0.5; both formats align the numbers before.
      guard
        let place = whole.indices.first(where: {
          whole[$0...].starts(with: [0, 0, 0x80, 0xBF, 0, 0, 0x40, 0xBF, 0, 0, 0, 0xBF])
        })
      else {
        #expect(name == "network-deflated.pth")
        continue
      }
      var altered = whole
      altered[place] ^= 1
      let damaged = try WeightFile(altered, path: name)
      let error = expectError(.damaged) { _ = try damaged.records() }
      #expect(error?.place?.hasPrefix("member '") == true)
    }
  }

  @Test func halvesBecomeSingleNumbersExactly() {
    let halves = [0x3C00, 0xC000, 0x0001, 0x7BFF, 0x7C00, 0x8000].map { UInt16($0) }
    let record = TensorRecord(
      name: "h", elementType: .float16, shape: [6],
      bytes: halves.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    let expected: [Float] = [1, -2, 0x1p-24, 65504, .infinity, -0.0]
    #expect(record.floats()?.map(\.bitPattern) == expected.map(\.bitPattern))
    let brief = TensorRecord(
      name: "b", elementType: .bfloat16, shape: [1, 2], bytes: [0x80, 0x3F, 0x01, 0x00])
    #expect(brief.floats() == [1, Float(bitPattern: 0x1_0000)])
    #expect(brief.inSinglePrecision().shape == [1, 2])
    let doubles = TensorRecord(name: "d", values: [0.1, 1e300])
    #expect(doubles.floats() == [0.1, .infinity])
    let whole = TensorRecord(name: "i", values: [3] as [Int32])
    #expect(whole.floats() == nil)
    #expect(whole.inSinglePrecision() == whole)
  }

  @Test func whatCannotBeWrittenIsRefused() {
    expectError(.unsupported) {
      _ = try NPZ.encode(
        [TensorRecord(name: "b", elementType: .bfloat16, shape: [1], bytes: [0, 0])], path: "x")
    }
    for name in ["", "a\u{202E}b", String(repeating: "n", count: 509)] {
      expectError(.unsupported) {
        _ = try NPZ.encode([TensorRecord(name: name, values: [1] as [UInt8])], path: "x")
      }
    }
    let deep = NPY.encode(
      TensorRecord(name: "x", shape: [Int](repeating: 1, count: 9), values: [1] as [UInt8]))
    expectError(.tooLarge) { _ = try WeightFile(deep, path: "x.npy") }
    let plain = NPY.encode(TensorRecord(name: "x", values: [1] as [UInt8]))
    expectError(.unsupported) { _ = try WeightFile(plain, path: "__metadata__.npy") }
  }
}
