// `unsafe` here: zlib reads an array through a pointer that comes with the array's length.

import CZlib

/// The CRC-32 checksum of zip and PNG files (ISO 3309), by zlib.
public enum CRC32 {
  /// The checksum of `bytes`, or of all that lies before them and them.
  ///
  /// - Parameter previous: the checksum of what lies before them.
  public static func checksum(of bytes: ArraySlice<UInt8>, after previous: UInt32 = 0) -> UInt32 {
    // Of no bytes zlib is given no pointer, which it would take for a new beginning.
    if bytes.isEmpty { return previous }
    let checksum = unsafe bytes.withContiguousStorageIfAvailable { buffer in
      unsafe crc32_z(UInt(previous), buffer.baseAddress, buffer.count)
    }
    return UInt32(truncatingIfNeeded: checksum ?? 0)
  }
}
