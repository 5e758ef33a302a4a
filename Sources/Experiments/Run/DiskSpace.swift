import FileFormats
import Glibc

// Unsafe code in this file: statvfs fills a C structure.

/// The room on the disk of a folder.
enum DiskSpace {
  /// Bytes that this user can still write below `folder`, or below the nearest folder above it that
  /// exists; nil when the system does not tell.
  static func free(in folder: String) -> Int? {
    var folder = folder
    while Files.kind(of: folder) == nil, Files.folder(of: folder) != folder {
      folder = Files.folder(of: folder)
    }
    var status = statvfs()
    // A file system without blocks, such as /proc, is no disk.
    guard unsafe statvfs(folder, &status) == 0, status.f_blocks > 0 else { return nil }
    let (bytes, overflow) = Int(clamping: status.f_bavail)
      .multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
    return overflow ? .max : bytes
  }
}
