import Datasets
import FileFormats
import Imaging
import Testing

@Suite struct CatalogTests {
  @Test func entriesAreFoundByName() {
    #expect(
      DatasetCatalog.entries.map(\.name) == [
        "fashion-mnist", "mnist", "sprites", "scenes", "patterns", "folder:PATH",
      ])
    for entry in DatasetCatalog.entries {
      #expect(DatasetCatalog.entry(named: entry.name)?.name == entry.name)
    }
    #expect(DatasetCatalog.entry(named: "folder:/tmp")?.isAvailable() == true)
    #expect(DatasetCatalog.entry(named: "sprites")?.isAvailable() == true)
    #expect(DatasetCatalog.entry(named: "mnist")?.isAvailable() == false)
  }

  @Test(arguments: ["cifar", "", "folder:", "folder:/none", "mnist", "folder"])
  func whatIsMissingIsToldWithTheWayOut(name: String) {
    let error = expectError(.notFound) { _ = try DatasetCatalog.load(name) }
    #expect(name == "folder:/none" || error?.hint != nil)
  }
}

@Suite struct LimitTests {
  @Test(arguments: [0, -1, .min]) func limitsBelowOneAreRefused(limit: Int) {
    for name in ["sprites", "folder:/tmp"] {
      expectError(.unsupported) {
        _ = try DatasetCatalog.load(name, DatasetOptions(limit: limit))
      }
    }
  }
}

@Suite struct FourFilesTests {
  let folder = TemporaryFolder()

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try DurableFile.write(bytes, to: folder.path + "/" + name)
  }

  /// Three images of 2 x 2 to learn from, one to test with.
  func writeAll() throws {
    try write("train-images-idx3-ubyte", idx([3, 2, 2], Array(0..<12)))
    try write("train-labels-idx1-ubyte", idx([3], [9, 0, 5]))
    try write("t10k-images-idx3-ubyte", idx([1, 2, 2], [1, 2, 3, 4]))
    try write("t10k-labels-idx1-ubyte", idx([1], [1]))
  }

  func load(limit: Int? = nil) throws -> Dataset {
    try DatasetCatalog.load("fashion-mnist", DatasetOptions(folder: folder.path, limit: limit))
  }

  @Test func readsTheFolderThatIsNamed() throws {
    try writeAll()
    let dataset = try load()
    #expect(dataset.train.pixels == Array(0..<12))
    #expect(dataset.train.labels == [9, 0, 5])
    #expect(dataset.train.classNames[9] == "Ankle boot")
    #expect((dataset.train.channels, dataset.train.height, dataset.train.width) == (1, 2, 2))
    #expect(dataset.test.pixels == [1, 2, 3, 4])
    #expect(dataset.files.count == 4)
    #expect(dataset.files[3].size == 9)
    #expect(dataset.files[3].sha256 == SHA256.hexadecimal(of: idx([1], [1])))
    #expect(try load(limit: 2).train.labels == [9, 0])
    #expect(try load(limit: 2).test.count == 1)
  }

  @Test func aFolderOfTheSetsNameInsideGoesFirst() throws {
    try writeAll()
    _ = try Files.createFolder(folder.path + "/mnist")
    let options = DatasetOptions(folder: folder.path)
    #expect(DatasetCatalog.entry(named: "fashion-mnist")?.isAvailable(options) == true)
    #expect(DatasetCatalog.entry(named: "mnist")?.isAvailable(options) == false)
  }

  @Test func aMissingFileIsNamed() throws {
    try writeAll()
    try Files.remove(folder.path + "/t10k-labels-idx1-ubyte")
    let error = expectError(.notFound) { _ = try load() }
    #expect(error?.message.contains("t10k-labels-idx1-ubyte") == true)
    #expect(error?.hint?.contains("apt-get install dataset-fashion-mnist") == true)
  }

  static let damaged: [(String, [UInt8])] = [
    ("train-images-idx3-ubyte", idx([3, 4], Array(0..<12))),
    ("train-images-idx3-ubyte", idx([2, 2, 2], Array(0..<8))),
    ("train-images-idx3-ubyte", idx([3, 2, 0], [])),
    ("train-images-idx3-ubyte", idx([3, 2, 1], Array(0..<6))),
    ("train-labels-idx1-ubyte", idx([3], [9, 10, 5])),
    ("train-labels-idx1-ubyte", idx([4], [1, 2, 3, 4])),
    ("t10k-images-idx3-ubyte", idx([0, 2, 2], [])),
    ("t10k-labels-idx1-ubyte.gz", Array("not gzip".utf8)),
  ]

  @Test(arguments: damaged) func filesThatDoNotFitAreDamaged(name: String, bytes: [UInt8]) throws {
    try writeAll()
    try write(name, bytes)
    expectError(.damaged) { _ = try load() }
  }
}

@Suite struct FashionMNISTTests {
  static let isHere = DatasetCatalog.entry(named: "fashion-mnist")?.isAvailable() == true

  @Test(.enabled(if: isHere)) func theRealOneIsAsPublished() throws {
    let dataset = try DatasetCatalog.load("fashion-mnist")
    #expect((dataset.train.count, dataset.test.count) == (60_000, 10_000))
    #expect((dataset.train.height, dataset.train.width) == (28, 28))
    for (set, each) in [(dataset.train, 6000), (dataset.test, 1000)] {
      for label in Int32(0)..<10 { #expect(set.labels.count { $0 == label } == each) }
    }
    #expect(dataset.train.labels.prefix(3) == [9, 0, 0])
  }
}

@Suite struct SpritesTests {
  static let dataset = try? DatasetCatalog.load("sprites")

  @Test func everyCombinationIsThereOnce() throws {
    let dataset = try #require(Self.dataset)
    #expect((dataset.train.count, dataset.test.count) == (43_008, 6144))
    var seen: Set<ArraySlice<Int32>> = []
    for set in [dataset.train, dataset.test] {
      let factors = try #require(set.factors)
      #expect(factors.sizes == [3, 4, 16, 16, 16])
      for image in 0..<set.count {
        seen.insert(factors[image])
        #expect(zip(factors[image], factors.sizes).allSatisfy { 0..<$1 ~= Int($0) })
        #expect(set.labels[image] == factors[image].first)
      }
    }
    #expect(seen.count == 49_152)
  }

  @Test func noTwoImagesAreEqual() throws {
    let dataset = try #require(Self.dataset)
    var seen: Set<ArraySlice<UInt8>> = []
    for set in [dataset.train, dataset.test] {
      for image in 0..<set.count {
        seen.insert(set.pixels[(image * set.imageSize)..<((image + 1) * set.imageSize)])
      }
    }
    #expect(seen.count == 49_152)
  }

  /// A shape's middle is where its x and y say, in steps of a pixel from the centre of the image.
  @Test func shapesAreWhereTheirFactorsSay() throws {
    let set = try #require(Self.dataset).test
    let factors = try #require(set.factors)
    for image in 0..<200 where set.labels[image] < 2 {
      let picture = set.image(at: image)
      var (mass, x, y) = (0.0, 0.0, 0.0)
      for row in 0..<32 {
        for column in 0..<32 {
          let value = Double(picture[column, row, 0])
          mass += value
          x += value * (Double(column) + 0.5)
          y += value * (Double(row) + 0.5)
        }
      }
      let values = Array(factors[image])
      #expect(abs(x / mass - 8.5 - Double(values[3])) < 0.05)
      #expect(abs(y / mass - 8.5 - Double(values[4])) < 0.05)
      // A square of half diagonal r covers 2 r^2, an ellipse of half axes r and r/2 pi r^2 / 2.
      let radius = 5 + Double(values[1])
      let area = (values[0] == 0 ? 2 : Double.pi / 2) * radius * radius
      #expect(abs(mass / 255 / area - 1) < 0.02)
    }
  }

  /// These bytes are part of what an experiment with a given seed promises.
  @Test func theBytesNeverChange() throws {
    let dataset = try #require(Self.dataset)
    #expect(
      SHA256.hexadecimal(of: dataset.test.pixels)
        == "10665cf08cbc672c28945c73930b98fff36d0861d713ba332f74fe48c35bce18")
    let large = try DatasetCatalog.load("sprites", DatasetOptions(limit: 100, size: 64))
    #expect(large.train.factors?.values == dataset.train.prefix(100).factors?.values)
    #expect(
      SHA256.hexadecimal(of: large.train.pixels)
        == "610c797f28526423ce2207f039ddc2406e5879584176e02a79ab221be082892c")
  }

  @Test(arguments: [0, -1, 31, 48, 128, .max]) func otherSizesAreRefused(size: Int) {
    expectError(.unsupported) {
      _ = try DatasetCatalog.load("sprites", DatasetOptions(size: size))
    }
  }
}

@Suite struct ImageFolderTests {
  let folder = TemporaryFolder()

  /// A picture whose left third, middle and right third differ.
  func write(_ name: String, middle: Colour = Colour(red: 10, green: 20, blue: 30)) throws {
    var image = Image(width: 12, height: 4, filledWith: .white)
    for x in 4..<8 {
      for y in 0..<4 {
        for (channel, value) in [middle.red, middle.green, middle.blue].enumerated() {
          image[x, y, channel] = value
        }
      }
    }
    try DurableFile.write(PNG.encode(image), to: folder.path + "/" + name)
  }

  func load(_ options: DatasetOptions = DatasetOptions(size: 2)) throws -> Dataset {
    try DatasetCatalog.load("folder:" + folder.path, options)
  }

  @Test func imagesAreCutToTheirMiddleAndResized() throws {
    for name in ["b.png", "a.PNG", "c.jpeg", "notes.txt", ".hidden.png"] { try write(name) }
    let dataset = try load()
    #expect((dataset.train.count, dataset.test.count) == (2, 1))
    #expect(dataset.train.pixels == dataset.test.pixels + dataset.test.pixels)
    #expect(dataset.test.pixels == [10, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30])
    #expect(dataset.files.count == 3)
    #expect(try load(DatasetOptions(size: 4, channels: 1)).test.pixels.count == 16)
    #expect(try load(DatasetOptions(limit: 1, size: 2)).files.count == 2)
  }

  @Test func subfoldersAreClasses() throws {
    for name in ["cats", "dogs", "empty"] { _ = try Files.createFolder(folder.path + "/" + name) }
    for number in 0..<40 {
      try write("cats/\(number).png", middle: .white)
      try write("dogs/\(number).png", middle: .black)
    }
    let dataset = try load()
    #expect(dataset.train.classNames == ["cats", "dogs"])
    #expect(dataset.train.count + dataset.test.count == 80)
    #expect((1...20).contains(dataset.test.count))
    for set in [dataset.train, dataset.test] {
      for image in 0..<set.count {
        #expect(set.pixels[image * set.imageSize] == (set.labels[image] == 0 ? 255 : 0))
      }
    }
    try write("stray.png")
    expectError(.unsupported) { _ = try load() }
  }

  @Test func newFilesMoveNoOldOne() throws {
    for number in 0..<60 { try write("\(number).png") }
    let before = try load()
    for number in 60..<90 { try write("\(number).png") }
    let after = try load()
    let test = Set(after.files.suffix(after.test.count).map(\.path))
    #expect(test.isSuperset(of: before.files.suffix(before.test.count).map(\.path)))
    #expect(test.isDisjoint(with: before.files.prefix(before.train.count).map(\.path)))
  }

  @Test func brokenImagesAreNamed() throws {
    for name in ["a.png", "b.png"] { try write(name) }
    try DurableFile.write(Array("text".utf8), to: folder.path + "/c.png")
    let error = expectError(.damaged) { _ = try load() }
    #expect(error?.path == folder.path + "/c.png")
  }

  @Test func tooFewImagesAreNotASet() throws {
    expectError(.notFound) { _ = try load() }
    try write("a.png")
    expectError(.notFound) { _ = try load() }
    try write("b.png")
    #expect(try load().train.count == 1)
  }

  @Test func sizesOutOfRangeAreRefused() throws {
    for name in ["a.png", "b.png"] { try write(name) }
    for size in [0, -1, 4097, .max] {
      expectError(.unsupported) { _ = try load(DatasetOptions(size: size)) }
    }
    for channels in [0, 2, 4] {
      expectError(.unsupported) { _ = try load(DatasetOptions(size: 2, channels: channels)) }
    }
  }
}
