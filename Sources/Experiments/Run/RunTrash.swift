import FileFormats

extension RunFolder {
  /// Moves the run out of sight: to `.trash/NAME-TIME` beside it, from where it can be moved back.
  ///
  /// - Returns: the path of the folder it has become.
  /// - Throws: `.busy` when a process owns the run, `.cannotCreate`, `.inputOutput`.
  public func moveToTrash() throws(FileError) -> String {
    let lock = try FolderLock(path, since: WallClock.text(WallClock.now))
    defer { withExtendedLifetime(lock) {} }
    let trash = Files.folder(of: path) + "/.trash"
    try Files.createFolders(trash)
    let time = WallClock.text(WallClock.now).filter { $0 != "-" && $0 != ":" }
    var target = "\(trash)/\(name)-\(time)"
    var number = 2
    while Files.kind(of: target) != nil {
      target = "\(trash)/\(name)-\(time)-\(number)"
      number += 1
    }
    try Files.move(path, to: target)
    return target
  }
}
