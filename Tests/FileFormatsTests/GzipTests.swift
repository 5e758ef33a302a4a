import CZlib
import FileFormats
import Testing

@Suite struct GzipTests {
  /// A gzip file of one member as zlib makes it.
  func gzip(_ content: [UInt8]) -> [UInt8] {
    var content = content
    var packed = [UInt8](repeating: 0, count: content.count + content.count / 1000 + 64)
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    defer { unsafe stream.deallocate() }
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    unsafe deflateInit2_(
      stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    let status = unsafe content.withUnsafeMutableBufferPointer { input in
      unsafe packed.withUnsafeMutableBufferPointer { output in
        unsafe stream.pointee.next_in = input.baseAddress
        unsafe stream.pointee.avail_in = UInt32(input.count)
        unsafe stream.pointee.next_out = output.baseAddress
        unsafe stream.pointee.avail_out = UInt32(output.count)
        return unsafe deflate(stream, Z_FINISH)
      }
    }
    #expect(status == Z_STREAM_END)
    let produced = unsafe packed.count - Int(stream.pointee.avail_out)
    unsafe deflateEnd(stream)
    return Array(packed[..<produced])
  }

  @Test(arguments: [0, 1, 1000, 1 << 18, 1 << 18 + 1, 1_000_000]) func unpacks(count: Int) throws {
    let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }
    #expect(try Gzip.decompress(gzip(content), path: "a.gz") == content)
  }

  @Test func everyTruncationIsDamaged() {
    let whole = gzip(Array("a few words, a few words, and a few more".utf8))
    for length in whole.indices {
      expectError(.damaged) { _ = try Gzip.decompress(Array(whole[..<length]), path: "a.gz") }
    }
  }

  /// Bytes 4 to 9 are the time, the level and the system, which no checksum covers.
  @Test func everyOtherBitCounts() {
    let content = Array("a few words, a few words, and a few more".utf8)
    let whole = gzip(content)
    for place in whole.indices where !(4...9).contains(place) {
      for bit in 0..<8 {
        var altered = whole
        altered[place] ^= 1 << bit
        #expect((try? Gzip.decompress(altered, path: "a.gz")) ?? content == content)
        if place >= 10 {
          expectError(.damaged) { _ = try Gzip.decompress(altered, path: "a.gz") }
        }
      }
    }
  }

  @Test func refusesWhatFollows() {
    let whole = gzip([1, 2, 3])
    for more in [[0], whole] {
      let error = expectError(.damaged) {
        _ = try Gzip.decompress(whole + more, path: "a.gz")
      }
      #expect(error?.place == "byte \(whole.count)")
    }
  }

  @Test func refusesBombs() throws {
    let bomb = gzip([UInt8](repeating: 0, count: 10_000_000))
    #expect(try Gzip.decompress(bomb, path: "a.gz").count == 10_000_000)
    #expect(try Gzip.decompress(bomb, path: "a.gz", limit: 10_000_000).count == 10_000_000)
    expectError(.tooLarge) { _ = try Gzip.decompress(bomb, path: "a.gz", limit: 9_999_999) }
  }

  @Test func refusesOtherFiles() {
    for bytes: [UInt8] in [[], [0x1F], [0x1F, 0x8B], Array("PK\u{3}\u{4}".utf8)] {
      #expect(Gzip.isGzip(bytes) == (bytes.count == 2))
      expectError(.damaged) { _ = try Gzip.decompress(bytes, path: "a.gz") }
    }
  }

  @Test func mutationsAreReadOrRefused() {
    let content = (0..<2000).map { UInt8(truncatingIfNeeded: $0 / 3) }
    forEachMutation(of: gzip(content), count: 5000, seed: 3) { bytes in
      do throws(FileError) {
        #expect(try Gzip.decompress(bytes, path: "a.gz") == content)
      } catch {
        #expect(error.problem == .damaged || error.problem == .tooLarge)
      }
    }
  }
}
