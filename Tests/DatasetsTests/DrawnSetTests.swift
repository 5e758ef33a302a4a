import Datasets
import FileFormats
import Imaging
import Testing

@Suite struct DrawnSetTests {
  @Test(arguments: ["scenes", "patterns"])
  func picturesAreFunctionsOfTheirNumbers(name: String) throws {
    let few = try DatasetCatalog.load(name, DatasetOptions(limit: 3, size: 24))
    let more = try DatasetCatalog.load(name, DatasetOptions(limit: 5, size: 24))
    #expect((few.train.count, few.test.count) == (3, 3))
    #expect((few.train.channels, few.train.height, few.train.width) == (3, 24, 24))
    #expect(more.train.prefix(3) == few.train)
    #expect(more.test.prefix(3) == few.test)
    let pictures =
      (0..<5).map { more.train.image(at: $0) } + (0..<5).map { more.test.image(at: $0) }
    #expect(Set(pictures).count == 10)
    // Something is to be seen on each.
    for picture in pictures { #expect(Set(picture.pixels).count > 10) }
  }

  @Test(arguments: [0, 15, 1025])
  func sizesHaveBounds(size: Int) {
    for name in ["scenes", "patterns"] {
      expectError(.unsupported) {
        _ = try DatasetCatalog.load(name, DatasetOptions(limit: 1, size: size))
      }
    }
  }
}
