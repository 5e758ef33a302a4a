import CVectorMath

/// How the operands of a product in single precision are packed.
struct OperandFormat: Sendable, Equatable {
  let rawValue: Int32

  /// Floats, for vector instructions.
  static let panels = OperandFormat(rawValue: VM_PANELS.rawValue)
  /// Sums of three bfloat16, for AMX.
  static let split = OperandFormat(rawValue: VM_SPLIT.rawValue)

  /// Rows, columns and depths below which tiles of 16 by 16 by 32 are too empty to be faster.
  private static let fewest = (lines: 9, depths: 17)

  /// What is fastest on this machine for a product of such a size.
  static func fastest(rows: Int, columns: Int, depth: Int) -> OperandFormat {
    let isLarge =
      rows >= fewest.lines && columns >= fewest.lines && depth >= fewest.depths
    return isLarge && vm_has_format(split.rawValue) != 0 ? .split : .panels
  }

  /// Bytes of each row of a left or column of a right operand.
  func lineBytes(depth: Int) -> Int { vm_line_bytes(rawValue, depth) }

  /// Bytes of a packed operand.
  func bytes(lines: Int, depth: Int) -> Int { (lines + 15) / 16 * 16 * lineBytes(depth: depth) }
}
