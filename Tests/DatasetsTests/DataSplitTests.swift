import Datasets
import FileFormats
import Testing

@Suite struct DataSplitTests {
  /// 40 of class 0, 25 of class 1, 3 of class 2, mixed.
  static let labels: [Int32] = (0..<68).map { $0 % 20 == 7 && $0 < 60 ? 2 : $0 % 5 < 2 ? 1 : 0 }

  private func shares(_ places: [Int32]) -> [Int] {
    (Int32(0)..<3).map { label in places.count { Self.labels[Int($0)] == label } }
  }

  @Test(arguments: [0.1, 0.25, 0.5]) func aShareOfEachClassIsHeldOut(share: Double) {
    let split = DataSplit.holdOut(share, of: Self.labels, seed: 3)
    let all = Int32(0)..<Int32(Self.labels.count)
    #expect((split.train + split.validation).sorted() == Array(all))
    for (held, whole) in zip(shares(split.validation), shares(Array(all))) {
      #expect(held == Int((share * Double(whole)).rounded()))
    }
    #expect(split == DataSplit.holdOut(share, of: Self.labels, seed: 3))
    #expect(split != DataSplit.holdOut(share, of: Self.labels, seed: 4))
  }

  @Test(arguments: [2, 3, 5, 10]) func foldsHoldEachImageOutOnce(folds: Int) {
    let splits = (0..<folds).map {
      DataSplit.fold($0, of: folds, labels: Self.labels, seed: 1)
    }
    #expect(
      splits.flatMap(\.validation).sorted() == Array(Int32(0)..<Int32(Self.labels.count)))
    for split in splits {
      #expect(Set(split.train).isDisjoint(with: split.validation))
      #expect(split.train.count + split.validation.count == Self.labels.count)
    }
    let sizes = splits.map(\.validation.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    for label in 0..<3 {
      let held = splits.map { shares($0.validation)[label] }
      #expect((held.max() ?? 0) - (held.min() ?? 0) <= 1)
    }
    #expect(splits[0] != DataSplit.fold(0, of: folds, labels: Self.labels, seed: 2))
  }

  @Test func nothingIsHeldOutOfNothing() {
    let split = DataSplit.holdOut(0.5, of: [], seed: 0)
    #expect(split.train.isEmpty && split.validation.isEmpty)
  }
}

@Suite struct PixelStatisticsTests {
  @Test func meansAndDeviationsAreOfEachChannel() throws {
    let set = ImageSet(
      channels: 2, height: 1, width: 2, pixels: [0, 10, 7, 7, 20, 30, 7, 7], labels: [0, 1],
      classNames: ["a", "b"])
    let statistics = try PixelStatistics(of: set)
    #expect(statistics.means == [15, 7])
    #expect(abs(statistics.deviations[0] - (125.0).squareRoot()) < 1e-12)
    #expect(statistics.deviations[1] == 0)
    let second = try PixelStatistics(of: ImageSelection(set, at: [1]))
    #expect(second.means == [25, 7])
  }
}

@Suite struct ImageSelectionTests {
  let set = ImageSet(
    channels: 1, height: 1, width: 1, pixels: [5, 6, 7, 8], labels: [0, 2, 1, 0],
    classNames: ["a", "b", "c"])

  @Test func imagesKeepTheirClasses() throws {
    let chosen = ImageSelection(set, at: [3, 1])
    var pixels: [UInt8] = []
    try chosen.gather([1, 0, 1], into: &pixels)
    #expect(pixels == [6, 8, 6])
    #expect(chosen.labels == [0, 2] && chosen.count == 2)
  }

  @Test func theFirstClassesAreThoseAlone() throws {
    let chosen = ImageSelection(set, ofFirstClasses: 2)
    var pixels: [UInt8] = []
    try chosen.gather([0, 1, 2], into: &pixels)
    #expect(pixels == [5, 7, 8])
    #expect(chosen.labels == [0, 1, 0] && chosen.classNames == ["a", "b"])
  }
}
