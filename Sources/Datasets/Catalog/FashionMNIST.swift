import FileFormats

extension DatasetEntry {
  /// Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): articles of clothing, 28 x 28 grey.
  static let fashionMNIST = idx(
    name: "fashion-mnist",
    summary:
      "70,000 articles of clothing in 10 classes, 28x28 grey (Debian: dataset-fashion-mnist)",
    usualFolder: "/usr/share/datasets/fashion-mnist",
    hint: "install it with 'apt-get install dataset-fashion-mnist' or name its folder with --data",
    classNames: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
      "Ankle boot",
    ])

  /// MNIST (LeCun, Bottou, Bengio and Haffner 1998): handwritten digits, 28 x 28 grey.
  static let mnist = idx(
    name: "mnist",
    summary:
      "70,000 handwritten digits, 28x28 grey (its four files, in the folder given by --data)",
    usualFolder: nil,
    hint: "name the folder of its four IDX files with --data",
    classNames: (0...9).map(String.init))

  /// A data set of four IDX files with MNIST's names.
  private static func idx(
    name: String, summary: String, usualFolder: String?, hint: String, classNames: [String]
  ) -> DatasetEntry {
    let files = IDXFiles(
      name: name, usualFolder: usualFolder, hint: hint, classNames: classNames)
    return DatasetEntry(
      name: name, summary: summary, found: files.areThere, read: files.load)
  }
}

/// The four files of an MNIST-like data set: in a folder that is named, or else in the usual one.
struct IDXFiles: Sendable {
  let name: String
  let usualFolder: String?
  let hint: String
  let classNames: [String]

  @Sendable func areThere(_ options: DatasetOptions) -> Bool {
    guard let folder = folder(options) else { return false }
    return ["train", "t10k"].allSatisfy {
      find("\($0)-images-idx3-ubyte", in: folder) != nil
        && find("\($0)-labels-idx1-ubyte", in: folder) != nil
    }
  }

  @Sendable func load(_ options: DatasetOptions) throws(FileError) -> Dataset {
    guard let folder = folder(options) else {
      throw FileError(.notFound, path: name, "its files are not on this machine", hint: hint)
    }
    var files: [DatasetFile] = []
    let train = try split("train", in: folder, &files)
    let test = try split("t10k", in: folder, &files)
    guard (train.height, train.width) == (test.height, test.width) else {
      throw FileError(
        .damaged, path: folder,
        "images of \(train.height)x\(train.width) to learn from and of "
          + "\(test.height)x\(test.width) to test with, expected one size")
    }
    return Dataset(name: name, source: folder, train: train, test: test, files: files)
  }

  /// The folder to read from: DIR/NAME if the folder DIR that is asked for has it, else DIR.
  private func folder(_ options: DatasetOptions) -> String? {
    guard let folder = options.folder else { return usualFolder }
    let inside = folder + "/" + name
    return Files.kind(of: inside) == .folder ? inside : folder
  }

  /// The path of a file under its own name or with `.gz`; nil if neither is there.
  private func find(_ file: String, in folder: String) -> String? {
    [folder + "/" + file + ".gz", folder + "/" + file].first { Files.kind(of: $0) == .file }
  }

  private func split(
    _ prefix: String, in folder: String, _ files: inout [DatasetFile]
  ) throws(FileError) -> ImageSet {
    let (images, imagesPath) = try array("\(prefix)-images-idx3-ubyte", rank: 3, folder, &files)
    let (labels, labelsPath) = try array("\(prefix)-labels-idx1-ubyte", rank: 1, folder, &files)
    guard images.shape[0] == labels.shape[0] else {
      throw FileError(
        .damaged, path: labelsPath, place: "byte 4",
        "\(labels.shape[0]) labels for \(images.shape[0]) images")
    }
    guard !images.bytes.isEmpty else {
      throw FileError(.damaged, path: imagesPath, place: "byte 4", "no images")
    }
    if let place = labels.bytes.firstIndex(where: { Int($0) >= classNames.count }) {
      throw FileError(
        .damaged, path: labelsPath, place: "label \(place)",
        "class \(labels.bytes[place]), expected 0 to \(classNames.count - 1)")
    }
    return ImageSet(
      channels: 1, height: images.shape[1], width: images.shape[2], pixels: images.bytes,
      labels: labels.bytes.map(Int32.init), classNames: classNames)
  }

  private func array(
    _ file: String, rank: Int, _ folder: String, _ files: inout [DatasetFile]
  ) throws(FileError) -> (IDX, path: String) {
    guard let path = find(file, in: folder) else {
      throw FileError(
        .notFound, path: folder, "no file '\(file).gz' or '\(file)' in this folder", hint: hint)
    }
    let content = try Files.read(path, limit: 1 << 30)
    let file = BackgroundWork { DatasetFile(path: path, content: content) }
    let array = try IDX.decode(content, path: path)
    guard array.shape.count == rank else {
      throw FileError(
        .damaged, path: path, place: "byte 3",
        "\(array.shape.count) dimensions, expected \(rank)")
    }
    files.append(file.value())
    return (array, path)
  }
}
