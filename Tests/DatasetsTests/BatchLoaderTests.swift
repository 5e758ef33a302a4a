import Datasets
import FileFormats
import Imaging
import Testing

@Suite struct BatchLoaderTests {
  let folder = TemporaryFolder()

  /// Two classes of pictures that all differ.
  func writePictures(_ count: Int = 30) throws {
    for name in ["a", "b"] { try Files.createFolders(folder.path + "/" + name) }
    for number in 0..<count {
      let colour = Colour(red: UInt8(number), green: UInt8(7 * number % 256), blue: 200)
      var image = Image(width: 9, height: 7, filledWith: colour)
      image[2, 3, 0] = 255
      try DurableFile.write(
        PNG.encode(image), to: "\(folder.path)/\(number % 2 == 0 ? "a" : "b")/\(number).png")
    }
  }

  func open(memoryLimit: Int) throws -> OpenDataset {
    try DatasetCatalog.open(
      "folder:" + folder.path, DatasetOptions(size: 4), memoryLimit: memoryLimit)
  }

  func batches(
    _ source: any ImageSource, _ steps: some Sequence<Int>,
    _ augmentation: ImageAugmentation = ImageAugmentation()
  ) throws -> [BatchLoader.Batch] {
    var loader = BatchLoader(source, batchSize: 4, seed: 9, augmentation: augmentation)
    return try steps.map { step in
      var batch = BatchLoader.Batch()
      try loader.load(step, into: &batch)
      return batch
    }
  }

  static var turned: ImageAugmentation {
    var augmentation = ImageAugmentation()
    augmentation.rotation = 20
    augmentation.saturation = 0.5
    return augmentation
  }

  @Test(arguments: [ImageAugmentation(), turned])
  func imagesInFilesGiveTheBytesOfThoseInMemory(augmentation: ImageAugmentation) throws {
    try writePictures()
    let (inMemory, inFiles) = (try open(memoryLimit: .max), try open(memoryLimit: 1))
    #expect(!inMemory.train.readsFiles && inFiles.train.readsFiles && inFiles.test.readsFiles)
    #expect(inMemory.files == inFiles.files)
    #expect(inMemory.train.labels == inFiles.train.labels)
    let whole = try batches(inMemory.train, 0..<20, augmentation)
    #expect(try batches(inFiles.train, 0..<20, augmentation) == whole)
    #expect(Set(whole).count == 20)
  }

  /// A resumed run begins anywhere; one that looks for a divergence goes back.
  @Test func aStepNeedsNoneBeforeIt() throws {
    try writePictures()
    let source = try open(memoryLimit: 1).train
    let whole = try batches(source, 0..<20, Self.turned)
    for order in [[13, 14, 15], [5, 4, 3], [0, 19, 1], [7, 9, 8, 10, 10]] {
      #expect(try batches(source, order, Self.turned) == order.map { whole[$0] })
    }
  }

  @Test func theBoundCountsAllImages() throws {
    try writePictures()
    let bytes = 30 * 3 * 4 * 4
    #expect(try !open(memoryLimit: bytes).train.readsFiles)
    #expect(try open(memoryLimit: bytes - 1).train.readsFiles)
    #expect(try !DatasetCatalog.open("sprites", memoryLimit: 1).train.readsFiles)
  }

  /// The step that needs the file fails, not one before it.
  @Test func aBadFileIsNamedByTheStepThatNeedsIt() throws {
    try writePictures()
    let source = try open(memoryLimit: 1).train
    let bad = try #require(try firstFile(of: source, atStep: 3))
    try DurableFile.write(Array("no picture".utf8), to: bad)
    var loader = BatchLoader(source, batchSize: 4, seed: 9)
    var batch = BatchLoader.Batch()
    for step in 0..<3 { try loader.load(step, into: &batch) }
    let error = expectError(.damaged) { try loader.load(3, into: &batch) }
    #expect(error?.path == bad)
    try Files.remove(bad)
    expectError(.notFound) { _ = try batches(source, 3..<4) }
  }

  @Test func aFileThatChangedIsNotTakenForTheOldOne() throws {
    try writePictures()
    let source = try open(memoryLimit: 1).train
    let changed = try #require(try firstFile(of: source, atStep: 0))
    try DurableFile.write(
      PNG.encode(Image(width: 9, height: 7, filledWith: .white)), to: changed)
    let error = expectError(.damaged) { _ = try batches(source, 0..<1) }
    #expect(error?.path == changed)
  }

  @Test func anEmptyFolderAndABadLimitAreTold() throws {
    expectError(.notFound) { _ = try open(memoryLimit: 1) }
    expectError(.unsupported) {
      _ = try DatasetCatalog.open(
        "folder:" + folder.path, DatasetOptions(limit: 0), memoryLimit: 1)
    }
    expectError(.notFound) { _ = try DatasetCatalog.open("cifar", memoryLimit: 1) }
  }

  /// The file of the first image of a step's batch, which no earlier step of the epoch needs.
  private func firstFile(of source: any ImageSource, atStep step: Int) throws -> String? {
    var batches = Batches(count: source.count, batchSize: 4, seed: 9)
    let files = try open(memoryLimit: 1).files
    return batches.indices(ofStep: step).first.map { files[Int($0)].path }
  }
}
