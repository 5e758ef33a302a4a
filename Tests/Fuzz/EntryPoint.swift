// Unsafe: libFuzzer hands over a pointer and a count, valid for the call; the bytes are copied at
// once. The environment is read before any thread is started.
import Glibc

/// The parser under test, which `ATELIER_FUZZ` names.
private let parser: Parser = {
  let name = unsafe getenv("ATELIER_FUZZ").map { unsafe String(cString: $0) } ?? ""
  guard let parser = Parser(rawValue: name) else {
    let known = Parser.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("ATELIER_FUZZ is '\(name)', expected one of \(known)")
  }
  return parser
}()

/// Called by libFuzzer for every input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  parser.read(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
