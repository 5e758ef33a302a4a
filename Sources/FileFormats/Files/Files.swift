import Glibc

/// Reading files and folders, and the few changes of names that are not about content.
public enum Files {
  /// What a path leads to.
  public enum Kind: Sendable, Hashable {
    case file, folder, other
  }

  /// What is at `path`, symbolic links followed; nil if there is nothing.
  public static func kind(of path: String) -> Kind? {
    guard let mode = SystemCalls.mode(of: path, followingLinks: true) else { return nil }
    switch mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// How many bytes a regular file has.
  ///
  /// - Throws: `.notFound` or `.inputOutput`.
  public static func length(of path: String) throws(FileError) -> Int {
    try OpenFile(path, flags: O_RDONLY | O_NONBLOCK, for: .read).length()
  }

  /// The whole content of a regular file of at most `limit` bytes.
  ///
  /// - Throws: `.notFound`, `.tooLarge`, or `.inputOutput`.
  public static func read(_ path: String, limit: Int = 4 << 30) throws(FileError) -> [UInt8] {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    let file = try OpenFile(path, flags: O_RDONLY | O_NONBLOCK, for: .read)
    let length = try file.length()
    guard length <= limit else {
      throw FileError(.tooLarge, path: path, "\(length) bytes, at most \(limit) are read")
    }
    guard SystemCalls.hasRoom(for: length) else {
      throw FileError(.tooLarge, path: path, "\(length) bytes do not fit into memory")
    }
    return try file.read(count: length)
  }

  /// The names in a folder, in the order of their bytes.
  ///
  /// - Throws: `.notFound` or `.inputOutput`.
  public static func names(in folder: String) throws(FileError) -> [String] {
    try SystemCalls.names(in: folder).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Makes the folder `path` if it is the first to do so: of many processes asking at once, one
  /// is told true and the others false, as they are when the name was taken before.
  ///
  /// - Throws: `.cannotCreate` or `.inputOutput`.
  public static func createFolder(_ path: String) throws(FileError) -> Bool {
    guard try SystemCalls.makeFolder(path) else { return false }
    try synchronizeFolder(of: path)
    return true
  }

  /// Makes the folder `path` and those above it that are missing. One that exists is left as it
  /// is.
  ///
  /// - Throws: `.cannotCreate` or `.inputOutput`.
  public static func createFolders(_ path: String) throws(FileError) {
    if kind(of: path) == .folder { return }
    let parent = folder(of: path)
    if parent != path && parent != "." { try createFolders(parent) }
    if try !createFolder(path), kind(of: path) != .folder {
      throw FileError(.cannotCreate, path: path, "cannot create: a file has this name")
    }
  }

  /// Gives a file or folder another path on the same file system.
  ///
  /// - Throws: `.cannotCreate` or `.inputOutput`.
  public static func move(_ old: String, to new: String) throws(FileError) {
    try SystemCalls.rename(old, to: new)
    try synchronizeFolder(of: new)
    if folder(of: old) != folder(of: new) { try synchronizeFolder(of: old) }
  }

  /// The number by which the file system knows the file at `path`; nil if there is none.
  public static func inode(of path: String) -> UInt64? { SystemCalls.inode(of: path) }

  /// Removes a file.
  ///
  /// - Throws: `.notFound` or `.inputOutput`.
  public static func remove(_ path: String) throws(FileError) {
    try SystemCalls.unlink(path)
  }

  /// Removes a folder and all that is in it. Symbolic links are removed, not followed.
  ///
  /// - Throws: `.notFound` or `.inputOutput`.
  public static func removeFolder(_ path: String) throws(FileError) {
    for name in try SystemCalls.names(in: path) {
      let entry = path + "/" + name
      let mode = SystemCalls.mode(of: entry, followingLinks: false) ?? S_IFREG
      if mode & S_IFMT == S_IFDIR { try removeFolder(entry) } else { try remove(entry) }
    }
    try SystemCalls.removeFolder(path)
  }

  /// The folder that relative paths begin at, without symbolic links; nil if it is gone.
  public static var currentFolder: String? { SystemCalls.currentFolder() }

  /// The path from the root on, so that it means the same from every folder.
  public static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let current = currentFolder else { return path }
    return (current == "/" ? "" : current) + "/" + path
  }

  /// The folder part of a path: `a/b` of `a/b/c`, `/` of `/c`, `.` of `c`.
  public static func folder(of path: String) -> String {
    let path = withoutTrailingSlashes(path)
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(withoutTrailingSlashes(path[..<slash]))
  }

  /// The last part of a path: `c` of `a/b/c`.
  public static func name(of path: String) -> String {
    let path = withoutTrailingSlashes(path)
    guard let slash = path.lastIndex(of: "/") else { return String(path) }
    return String(path[path.index(after: slash)...])
  }

  private static func withoutTrailingSlashes(_ path: some StringProtocol) -> Substring {
    var path = Substring(path)
    while path.count > 1 && path.last == "/" { path.removeLast() }
    return path
  }

  /// Returns when the entry of `path` in its folder is on the disk.
  static func synchronizeFolder(of path: String) throws(FileError) {
    let folder = try OpenFile(folder(of: path), flags: O_RDONLY | O_DIRECTORY, for: .write)
    try folder.synchronize()
  }
}
