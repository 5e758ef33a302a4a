import Datasets
import FileFormats
import Glibc
import Randomness
import Testing

/// A new folder under /tmp that goes away, with all in it, when the value does.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/atelier-tests-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
  }

  deinit {
    try? Files.removeFolder(path)
  }
}

/// An IDX file of unsigned bytes.
func idx(_ shape: [Int], _ content: [UInt8]) -> [UInt8] {
  let extents = shape.flatMap { extent in
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) }
  }
  return [0, 0, 8, UInt8(shape.count)] + extents + content
}

/// The error `body` throws, which must be a `FileError` of this kind in one line.
@discardableResult
func expectError(
  _ problem: FileProblem, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) -> FileError? {
  let error = #expect(throws: FileError.self, sourceLocation: sourceLocation, performing: body)
  #expect(error?.problem == problem, "\(String(describing: error))", sourceLocation: sourceLocation)
  return error
}
