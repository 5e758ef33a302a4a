import FileFormats

/// A folder of experiments: each `NAME.yaml` in it is the experiment NAME.
public struct ExperimentFolder: Sendable {
  /// The folder.
  public let path: String

  /// The experiments of the folder at `path`. Nothing is read yet.
  public init(_ path: String) {
    self.path = path
  }

  /// The names of the experiments, sorted. Throws a ``FileFormats/FileError`` when the folder
  /// cannot be read.
  public func names() throws(FileError) -> [String] {
    let files = try Files.names(in: path).filter { $0.hasSuffix(".yaml") }
    return files.map { String($0.dropLast(".yaml".count)) }.filter(\.isExperimentName).sorted()
  }

  /// Reads the experiment `name`.
  ///
  /// Throws a ``FileFormats/FileError`` when there is none, with the nearest name, and a
  /// ``ConfigurationError`` when its file is wrong.
  public func experiment(named name: String) throws -> ExperimentFile {
    let known = try names()
    guard known.contains(name) else {
      throw FileError(
        .notFound, path: path, "there is no experiment '\(name.printable())'",
        hint: nearest(to: name, in: known).map { "did you mean '\($0)'?" }
          ?? "'atelier list' names those there are")
    }
    return try read(file: name + ".yaml", name: name)
  }

  /// Reads the experiment in the file at `path`, which may have any ending. Throws as
  /// ``experiment(named:)`` does, and when the file's name is not one that its runs can have.
  ///
  /// - Parameter shared: where what it extends is looked for when it is not in the same folder.
  public static func experiment(
    at path: String, extending shared: ExperimentFolder? = nil
  ) throws -> ExperimentFile {
    let file = Files.name(of: path)
    let ending = file.lastIndex(of: ".") ?? file.endIndex
    let name = String(file[..<ending])
    guard name.isExperimentName else {
      throw FileError(
        .unsupported, path: path, "a run cannot be named after this file",
        hint: "name it in letters, digits, '.', '_' and '-', such as my-experiment.yaml")
    }
    return try ExperimentFolder(Files.folder(of: path)).read(
      file: file, name: name, extending: shared)
  }

  private func read(
    file: String, name: String, extending shared: ExperimentFolder? = nil
  ) throws -> ExperimentFile {
    let source = try source(of: file)
    return try ExperimentFile(name: name, source: source) {
      base, place throws(ConfigurationError) in
      let file = base + ".yaml"
      do {
        if let shared {
          // What a shared file extends lies beside that file.
          let isShared = Files.folder(of: place.source.name) == shared.path
          if isShared || Files.kind(of: path + "/" + file) == nil {
            return try shared.source(of: file)
          }
        }
        return try self.source(of: file)
      } catch let error as ConfigurationError {
        throw error
      } catch {
        let known = [self, shared].compactMap { try? $0?.names() }.flatMap(\.self)
        let suggestion = nearest(to: base, in: known)
        throw ConfigurationError(
          "the experiment '\(base)' cannot be read: \(error)", at: place,
          help: suggestion.map { "did you mean '\($0)'?" })
      }
    }
  }

  private func source(of file: String) throws -> SourceText {
    let path = path == "." ? file : path + "/" + file
    do {
      let bytes = try Files.read(path, limit: ConfigurationLimits.fileBytes)
      return try SourceText(path: path, bytes: bytes)
    } catch let error as FileError where error.problem == .tooLarge {
      throw ConfigurationError("\(error)", at: nil)
    }
  }
}
