import ArgumentParser
import Datasets
import Experiments
import FileFormats

/// `atelier data`: the data sets that experiments can name.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, verify or show the data sets.",
    discussion: """
      Examples:
        atelier data list
        atelier data verify fashion-mnist
        atelier data show fashion-mnist rotation=15 zoom=0.2
      """,
    subcommands: [DataListCommand.self, DataVerifyCommand.self, DataShowCommand.self])
}

/// `atelier data list`: which data sets there are, and whether their files are in place.
struct DataListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the data sets and whether their files are there.",
    discussion: """
      Examples:
        atelier data list
        atelier data list --data ~/mnist
      """)

  @OptionGroup var folder: DataOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let options = DatasetOptions(folder: folder.path)
    let rows = DatasetCatalog.entries.map { ($0, $0.isAvailable(options)) }
    if format.json {
      format.print(
        .array(
          rows.map { entry, isAvailable in
            [
              "name": .string(entry.name), "available": .bool(isAvailable),
              "summary": .string(entry.summary),
            ]
          }))
      return
    }
    var table = TextTable("NAME", "THERE", "SUMMARY")
    for (entry, isAvailable) in rows {
      table.append([entry.name, isAvailable ? "yes" : "no", entry.summary])
    }
    StandardStream.output.write(
      table.text(for: StandardStream.output.terminal, overflow: .wrap))
  }
}

/// `atelier data verify`: reads data sets as a run would.
struct DataVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read data sets as a run would, and print what was found.",
    discussion: """
      Examples:
        atelier data verify                    all whose files are there
        atelier data verify fashion-mnist
        atelier data verify mnist --data ~/mnist
      """)

  @Argument(
    help: ArgumentHelp("Names of data sets.", valueName: "name"),
    completion: .custom(Completions.datasets))
  var names: [String] = []

  @OptionGroup var folder: DataOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let options = DatasetOptions(folder: folder.path)
    let available = DatasetCatalog.entries.filter { $0.isAvailable(options) }.map(\.name)
    let sets = try (names.isEmpty ? available : names).map { name in
      try Self.checkName(name)
      return try DatasetCatalog.load(name, options)
    }
    if format.json {
      format.print(.array(sets.map(\.json)))
    } else {
      StandardStream.output.write(text(of: sets, for: StandardStream.output.terminal))
    }
  }

  /// Refuses a name of no data set, with the nearest one.
  static func checkName(_ name: String) throws(FileError) {
    guard DatasetCatalog.entry(named: name) == nil else { return }
    let known = DatasetCatalog.entries.map(\.name)
    throw FileError(
      .notFound, path: name, "there is no such data set",
      hint: nearest(to: name, in: known).map { "did you mean '\($0)'?" }
        ?? "known are \(known.joined(separator: ", "))")
  }

  private func text(of sets: [Dataset], for terminal: Terminal) -> String {
    var table = TextTable(columns: [
      ("NAME", .left), ("TRAIN", .right), ("TEST", .right), ("IMAGE", .left), ("CLASSES", .right),
    ])
    var files = TextTable(columns: [("FILE", .left), ("SIZE", .right), ("SHA-256", .left)])
    for set in sets {
      table.append([
        set.name, Quantity.count(set.train.count), Quantity.count(set.test.count),
        "\(set.train.channels) x \(set.train.height) x \(set.train.width)",
        Quantity.count(set.train.classNames.count),
      ])
      for file in set.files {
        files.append([file.path, Quantity.bytes(file.size), file.sha256])
      }
    }
    let hasFiles = sets.contains { !$0.files.isEmpty }
    return table.text(for: terminal)
      + (hasFiles ? "\n" + files.text(for: terminal, overflow: .keep) : "")
  }
}

/// Where data files are.
struct DataOptions: ParsableArguments {
  @Option(
    name: .customLong("data"),
    help: ArgumentHelp(
      "The folder of the data files; unless given, the one that ATELIER_DATA names.",
      valueName: "dir"), completion: .directory)
  var folder: String?

  /// The folder that the user named, if any.
  var path: String? {
    folder ?? variable("ATELIER_DATA").flatMap { $0.isEmpty ? nil : $0 }
  }
}

extension Dataset {
  /// The data set as `atelier data verify --json` gives it.
  fileprivate var json: JSON {
    [
      "name": .string(name), "source": .string(source),
      "train": .integer(Int64(train.count)), "test": .integer(Int64(test.count)),
      "shape": .array([train.channels, train.height, train.width].map { .integer(Int64($0)) }),
      "classes": .array(train.classNames.map { .string($0) }),
      "files": .array(
        files.map { file in
          [
            "path": .string(file.path), "size": .integer(Int64(file.size)),
            "sha256": .string(file.sha256),
          ]
        }),
    ]
  }
}
