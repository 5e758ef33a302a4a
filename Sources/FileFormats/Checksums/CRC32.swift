// `unsafe` here: zlib reads an array through a pointer that comes with the array's length.

import CZlib

/// The CRC-32 checksum of zip and PNG files (ISO 3309), by zlib.
public enum CRC32 {
  /// The checksum of `bytes`.
  public static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    let checksum = unsafe bytes.withContiguousStorageIfAvailable { buffer in
      unsafe crc32_z(0, buffer.baseAddress, buffer.count)
    }
    return UInt32(truncatingIfNeeded: checksum ?? 0)
  }
}
