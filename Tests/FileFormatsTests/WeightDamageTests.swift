import FileFormats
import Testing

/// Cut and altered files of weights: read as something that can be written, or refused.
@Suite struct WeightDamageTests {
  static let files = ["network", "checkpoint", "types"].flatMap {
    [$0 + ".pth", $0 + "-legacy.pth"]
  }

  @Test(arguments: files + ["network-deflated.pth", "network.npz"])
  func everyTruncationIsRefused(name: String) throws {
    let whole = try WeightFixtures.bytes(name)
    for length in whole.indices {
      let error = #expect(throws: FileError.self) {
        try WeightFile(Array(whole[..<length]), path: name).records()
      }
      #expect(error?.problem == (length == 0 ? .unsupported : error?.problem))
      #expect(error.map { [.damaged, .unsupported].contains($0.problem) } == true)
    }
  }

  @Test(arguments: files) func mutationsAreReadOrRefused(name: String) throws {
    let whole = try WeightFixtures.bytes(name)
    forEachMutation(of: whole, count: 5_000, seed: 7) { bytes in
      do throws(FileError) {
        let records = try WeightFile(bytes, path: name).records()
        let again = try? SafeTensors.decode(SafeTensors.encode(records), path: name)
        #expect(again.map { Set($0.records) } == Set(records))
      } catch {
        #expect([.damaged, .unsupported, .tooLarge].contains(error.problem))
        #expect(!error.description.contains("\n"))
      }
    }
  }

  /// Every byte of the parts of a zip file that say where its members are.
  @Test func everyFlippedBitOfAnArchiveIsReadOrRefused() throws {
    let whole = try WeightFixtures.bytes("tensor.pth")
    let expected = try WeightFile(whole, path: "tensor.pth").records()
    var accepted = 0
    for place in 0..<8 * whole.count {
      var altered = whole
      altered[place / 8] ^= 1 << UInt8(place % 8)
      guard let records = try? WeightFile(altered, path: "tensor.pth").records() else { continue }
      // Padding, dates and remarks may change, the numbers are under their checksum.
      #expect(records == expected)
      accepted += 1
    }
    #expect(accepted < 8 * whole.count)
  }

  /// Members that are missing, or of another length than the pickle says.
  @Test func membersAreCheckedAgainstThePickle() throws {
    let whole = try WeightFixtures.bytes("tensor.pth")
    for (old, new) in [("data/0", "data/1"), ("torch", "tprch"), ("byteorder", "byteordes")] {
      let altered = whole.replacing(Array(old.utf8), with: Array(new.utf8))
      let records = try? WeightFile(altered, path: "tensor.pth").records()
      #expect((records != nil) == (old == "byteorder"))
    }
  }
}
