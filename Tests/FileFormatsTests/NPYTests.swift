import FileFormats
import Testing

@Suite struct NPYTests {
  /// A file with this header and these bytes.
  func file(_ header: String, _ content: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let length = header.utf8.count
    let sizes = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + sizes + Array(header.utf8) + content
  }

  func header(_ descriptor: String, _ shape: String, isFortran: Bool = false) -> String {
    "{'descr': '\(descriptor)', 'fortran_order': \(isFortran ? "True" : "False"), "
      + "'shape': \(shape), }\n"
  }

  @Test func theHeaderIsNumPys() {
    let record = TensorRecord(name: "x", shape: [3], values: [1, 2, 3] as [Int32])
    let expected = "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }"
    let bytes = NPY.encode(record)
    #expect(Array(bytes[10..<10 + expected.utf8.count]) == Array(expected.utf8))
    #expect(bytes.count == 128 + 12)
    #expect(bytes[127] == UInt8(ascii: "\n"))
  }

  @Test(arguments: [1, 2, 3] as [UInt8]) func everyVersionIsRead(version: UInt8) throws {
    let record = try NPY.decode(
      file(header("<i4", "(2,)"), [1, 0, 0, 0, 255, 255, 255, 255], version: version), path: "x.npy"
    )
    #expect(record.values(as: Int32.self) == [1, -1])
    #expect(record.shape == [2])
  }

  @Test func ordersOfBytesAndAxes() throws {
    let big = try NPY.decode(
      file(header(">i4", "()"), [0, 0, 1, 2]), path: "x.npy")
    #expect(big.values(as: Int32.self) == [258])
    let columns = try NPY.decode(
      file(header("|u1", "(2, 3)", isFortran: true), [1, 4, 2, 5, 3, 6]), path: "x.npy")
    #expect(columns.values(as: UInt8.self) == [1, 2, 3, 4, 5, 6])
    let both = try NPY.decode(
      file(
        header(">u4", "(2, 1, 2)", isFortran: true),
        [0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 4]),
      path: "x.npy")
    #expect(both.values(as: UInt32.self) == [1, 2, 3, 4])
    let none = try NPY.decode(
      file(header("<f8", "(0, 3)", isFortran: true), []), path: "x.npy")
    #expect(none.shape == [0, 3])
  }

  @Test(arguments: [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}\n", nil),
    ("{ \"shape\" : ( 1 , ) , 'fortran_order':False,'descr':'<f4' } \n", nil),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1)}\n", FileProblem.damaged),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (01,)}\n", .damaged),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}\n", .damaged),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1L,)}\n", .damaged),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}\n", .damaged),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}\n", .damaged),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}\n", .damaged),
    ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}\n", .damaged),
    ("{'descr': '<f4', 'fortran_order': False}\n", .damaged),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}\n", .damaged),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", .damaged),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}\nx", .damaged),
    ("{'descr': '<\\f4', 'fortran_order': False, 'shape': (1,)}\n", .damaged),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n", .unsupported),
    ("{'descr': '=f4', 'fortran_order': False, 'shape': (1,)}\n", .unsupported),
    ("{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}\n", .unsupported),
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}\n", .unsupported),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 0)}\n",
      .tooLarge
    ),
    ("", .damaged), ("{", .damaged), ("{'", .damaged), ("{'shape': (", .damaged),
  ])
  func headersAreReadStrictly(header: String, problem: FileProblem?) throws {
    let bytes = file(header, [0, 0, 128, 63])
    if let problem {
      expectError(problem) { _ = try NPY.decode(bytes, path: "x.npy") }
    } else {
      #expect(try NPY.decode(bytes, path: "x.npy").values(as: Float.self) == [1])
    }
  }

  @Test func otherFilesAreRefused() {
    let right = header("|b1", "(1,)")
    expectError(.damaged) { _ = try NPY.decode(file(right, [2]), path: "x.npy") }
    expectError(.damaged) { _ = try NPY.decode(file(right, [1, 0]), path: "x.npy") }
    expectError(.damaged) { _ = try NPY.decode([], path: "x.npy") }
    expectError(.unsupported) { _ = try NPY.decode(file(right, [1], version: 4), path: "x.npy") }
    let long = file(String(repeating: " ", count: 10_001), [])
    expectError(.tooLarge) { _ = try NPY.decode(long, path: "x.npy") }
    let many = "(" + String(repeating: "1, ", count: 33) + ")"
    expectError(.tooLarge) { _ = try NPY.decode(file(header("|u1", many), [1]), path: "x.npy") }
  }

  @Test func mutationsAreReadOrRefused() {
    let whole = file(header(">f4", "(2, 3)", isFortran: true), [UInt8](repeating: 7, count: 24))
    forEachMutation(of: whole, count: 20_000, seed: 6) { bytes in
      do throws(FileError) {
        _ = try NPY.decode(bytes, path: "x.npy")
      } catch {
        #expect([.damaged, .unsupported, .tooLarge].contains(error.problem))
      }
    }
  }
}
