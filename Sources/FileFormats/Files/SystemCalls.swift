// The operating system's file calls. Nothing unsafe leaves this file: paths go to the system as C
// strings that live for the call, buffers as the pointer and length of an array that does, and
// directory entries are copied before the next one is read.

import Glibc

/// What was being done when the system refused; decides the kind of the error.
enum FileAction: String {
  case read, create, write, remove
}

extension FileError {
  /// The error of a system call that failed with `code` (an `errno` value).
  init(_ action: FileAction, path: String, code: Int32) {
    let problem: FileProblem
    switch (action, code) {
    case (.read, ENOENT), (.read, ENOTDIR), (.remove, ENOENT), (.remove, ENOTDIR):
      problem = .notFound
    case (.create, _) where code != EIO && code != ENOSPC && code != EDQUOT:
      problem = .cannotCreate
    default:
      problem = .inputOutput
    }
    let reason = unsafe String(cString: strerror(code))
    self.init(problem, path: path, "cannot \(action.rawValue): \(reason)")
  }
}

/// Calls again while a signal interrupts; then the result, or the `errno` of the failure.
private func retrying<Count: SignedInteger>(_ call: () -> Count) -> Result<Count, SystemFailure> {
  while true {
    let result = call()
    if result >= 0 { return .success(result) }
    let code = errno
    if code != EINTR { return .failure(SystemFailure(code: code)) }
  }
}

private struct SystemFailure: Error {
  let code: Int32
}

/// An open file. It is closed when it goes out of scope: what had to reach the disk was put there
/// by `synchronize`, so there is nothing left for closing to report.
struct OpenFile: ~Copyable {
  let path: String
  private let descriptor: Int32

  /// Opens `path` with the flags of open(2); a new file gets mode 0666 less the process's mask.
  init(_ path: String, flags: Int32, for action: FileAction) throws(FileError) {
    switch retrying({ unsafe open(path, flags | O_CLOEXEC, 0o666) }) {
    case .success(let descriptor):
      self.path = path
      self.descriptor = descriptor
    case .failure(let failure):
      throw FileError(action, path: path, code: failure.code)
    }
  }

  deinit {
    _ = close(descriptor)
  }

  /// The length in bytes. Anything but a regular file is refused.
  func length() throws(FileError) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw FileError(.read, path: path, code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(.inputOutput, path: path, "cannot read: not a regular file")
    }
    return Int(status.st_size)
  }

  /// Up to `count` bytes from `offset` on; fewer if the file ends before.
  func read(count: Int, at offset: Int = 0) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      let position = offset + bytes.count
      var result = Result<Int, SystemFailure>.success(0)
      bytes.append(addingCapacity: count - bytes.count) { rest in
        unsafe rest.withUnsafeMutableBufferPointer { buffer, read in
          unsafe SystemCalls.preferHugePages(buffer)
          result = retrying {
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(position))
          }
          if case .success(let count) = result { read = count }
        }
      }
      switch result {
      case .success(0): return bytes
      case .success: continue
      case .failure(let failure): throw FileError(.read, path: path, code: failure.code)
      }
    }
    return bytes
  }

  /// Writes all of `bytes` at `offset`, however many calls it takes.
  func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    var position = 0
    while position < bytes.count {
      let result = retrying {
        unsafe bytes.withUnsafeBytes {
          let rest = unsafe UnsafeRawBufferPointer(rebasing: $0[position...])
          return unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + position))
        }
      }
      switch result {
      case .success(let written): position += written
      case .failure(let failure): throw FileError(.write, path: path, code: failure.code)
      }
    }
  }

  /// Cuts the file to `length` bytes.
  func truncate(to length: Int) throws(FileError) {
    if case .failure(let failure) = retrying({ ftruncate(descriptor, off_t(length)) }) {
      throw FileError(.write, path: path, code: failure.code)
    }
  }

  /// Returns when the file's content is on the disk.
  func synchronize() throws(FileError) {
    if case .failure(let failure) = retrying({ fsync(descriptor) }) {
      throw FileError(.write, path: path, code: failure.code)
    }
  }

  /// Takes the file's exclusive lock, held until the file is closed; false if another has it.
  func tryLock() throws(FileError) -> Bool {
    switch retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) {
    case .success: return true
    case .failure(let failure) where failure.code == EWOULDBLOCK: return false
    case .failure(let failure): throw FileError(.write, path: path, code: failure.code)
    }
  }
}

/// The system's calls on names, each with its error turned into a `FileError`.
enum SystemCalls {
  static var processIdentifier: Int32 { getpid() }

  /// The name of this machine, cut where it is longer than the system allows; empty when it has none.
  static var host: String {
    var name = [CChar](repeating: 0, count: Int(HOST_NAME_MAX) + 1)
    guard unsafe gethostname(&name, name.count) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether a process of this number exists.
  static func isAlive(_ process: Int32) -> Bool {
    kill(process, 0) == 0 || errno != ESRCH
  }

  /// The mode bits of what is at `path`; nil if nothing is.
  static func mode(of path: String, followingLinks: Bool) -> mode_t? {
    var status = stat()
    let result = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
    return result == 0 ? status.st_mode : nil
  }

  /// The inode number of what is at `path`, symbolic links followed; nil if nothing is.
  static func inode(of path: String) -> UInt64? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }

  /// The folder that relative paths begin at, without symbolic links; nil if it is gone.
  static func currentFolder() -> String? {
    guard let path = unsafe getcwd(nil, 0) else { return nil }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  static func rename(_ old: String, to new: String) throws(FileError) {
    if case .failure(let failure) = retrying({ unsafe Glibc.rename(old, new) }) {
      throw FileError(.create, path: new, code: failure.code)
    }
  }

  static func unlink(_ path: String) throws(FileError) {
    if case .failure(let failure) = retrying({ unsafe Glibc.unlink(path) }) {
      throw FileError(.remove, path: path, code: failure.code)
    }
  }

  /// Advises the system to back fresh memory by huge pages, as far as it covers whole ones: a page
  /// fault for each small one takes longer than to fill it.
  static func preferHugePages(_ memory: UnsafeMutableBufferPointer<UInt8>) {
    let page = 1 << 21  // On x86-64 and most others; elsewhere the advice may come to nothing.
    guard memory.count >= 2 * page, let base = UnsafeMutableRawPointer(memory.baseAddress)
    else { return }
    let start = unsafe base.alignedUp(toMultipleOf: page)
    let end = unsafe (base + memory.count).alignedDown(toMultipleOf: page)
    unsafe _ = madvise(start, end - start, MADV_HUGEPAGE)
  }

  /// Whether the system would give this process so many more bytes of memory now.
  static func hasRoom(for count: Int) -> Bool {
    let memory = unsafe mmap(
      nil, max(count, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard unsafe memory != MAP_FAILED else { return false }
    unsafe _ = munmap(memory, max(count, 1))
    return true
  }

  /// Removes an empty folder.
  static func removeFolder(_ path: String) throws(FileError) {
    if case .failure(let failure) = retrying({ unsafe rmdir(path) }) {
      throw FileError(.remove, path: path, code: failure.code)
    }
  }

  /// Makes a folder; false if something of that name exists.
  static func makeFolder(_ path: String) throws(FileError) -> Bool {
    switch retrying({ unsafe mkdir(path, 0o777) }) {
    case .success: return true
    case .failure(let failure) where failure.code == EEXIST: return false
    case .failure(let failure): throw FileError(.create, path: path, code: failure.code)
    }
  }

  /// The names in a folder but `.` and `..`, in no particular order.
  static func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = unsafe opendir(folder) else {
      throw FileError(.read, path: folder, code: errno)
    }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw FileError(.read, path: folder, code: errno) }
        return names
      }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }
}
