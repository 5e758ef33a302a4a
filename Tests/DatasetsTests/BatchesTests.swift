import Datasets
import Imaging
import Testing

@Suite struct BatchesTests {
  @Test func orderIsAFunctionOfSeedAndEpoch() {
    let order = EpochOrder(count: 1000, seed: 7)
    #expect(order.permutation(epoch: 3) == EpochOrder(count: 1000, seed: 7).permutation(epoch: 3))
    #expect(order.permutation(epoch: 3) != order.permutation(epoch: 4))
    #expect(order.permutation(epoch: 3) != EpochOrder(count: 1000, seed: 8).permutation(epoch: 3))
    #expect(order.permutation(epoch: 3).sorted() == Array(0..<1000))
  }

  @Test(arguments: [(10, 3), (9, 3), (5, 5), (5, 1), (7, 4)])
  func anEpochVisitsEachImageOnce(count: Int, batchSize: Int) {
    var batches = Batches(count: count, batchSize: batchSize, seed: 1)
    #expect(batches.perEpoch == count / batchSize)
    for epoch in 0..<3 {
      var seen: [Int32] = []
      for batch in 0..<batches.perEpoch {
        let step = epoch * batches.perEpoch + batch
        #expect(batches.place(ofStep: step) == (epoch, batch))
        let indices = batches.indices(ofStep: step)
        #expect(indices.count == batchSize)
        seen += indices
      }
      let whole = EpochOrder(count: count, seed: 1).permutation(epoch: epoch)
      #expect(seen == Array(whole[..<(batches.perEpoch * batchSize)]))
    }
  }

  /// A resumed run asks for a step without those before it.
  @Test func stepsNeedNoneBeforeThem() {
    var inOrder = Batches(count: 50, batchSize: 8, seed: 3)
    let steps = (0..<40).map { Array(inOrder.indices(ofStep: $0)) }
    for step in [39, 0, 17, 18, 5] {
      var fresh = Batches(count: 50, batchSize: 8, seed: 3)
      #expect(Array(fresh.indices(ofStep: step)) == steps[step])
      #expect(Array(inOrder.indices(ofStep: step)) == steps[step])
    }
  }
}

@Suite struct ImageSetTests {
  let set = ImageSet(
    channels: 3, height: 1, width: 2, pixels: Array(0..<24), labels: [0, 1, 1, 0],
    classNames: ["a", "b"],
    factors: ImageSet.Factors(names: ["x", "y"], sizes: [4, 2], values: [0, 1, 2, 3, 4, 5, 6, 7]))

  @Test func gathersInTheOrderAsked() {
    var (batch, labels): ([UInt8], [Int32]) = ([9, 9], [9])
    set.gather([2, 0, 2], into: &batch)
    set.gatherLabels([2, 0, 2], into: &labels)
    #expect(batch == Array(12..<18) + Array(0..<6) + Array(12..<18))
    #expect(labels == [1, 0, 1])
    set.gather(([3] as [Int32])[...], into: &batch)
    #expect(batch == Array(18..<24))
  }

  @Test func prefixKeepsLabelsAndFactors() {
    let part = set.prefix(2)
    #expect(part.count == 2)
    #expect(part.pixels == Array(0..<12))
    #expect(part.labels == [0, 1])
    #expect(part.factors?[1] == [2, 3])
    #expect(set.prefix(5) == set)
    #expect(set.prefix(0).count == 0)
  }

  @Test func picturesHaveTheirChannelsSideBySide() {
    let image = set.image(at: 1)
    #expect((image.width, image.height, image.channels) == (2, 1, 3))
    #expect(image.pixels == [6, 8, 10, 7, 9, 11])
  }
}
