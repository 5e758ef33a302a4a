import Experiments
import Imaging
import TensorEngine

/// The bounds of tiles.
enum TileSize {
  /// The cores to try, in pixels, when the whole picture does not fit in memory.
  private static let cores = [2048, 1024, 512, 256, 128]
  /// The cores that can be asked for.
  private static let allowed = 16...16_384

  /// The grid that a picture is drawn by.
  ///
  /// - Parameters:
  ///   - picture: its sides are multiples of `alignment`.
  ///   - tile: height and width of a core that was asked for; nil for what fits in memory.
  ///   - program: what a window of a height and width is drawn by, for its size in memory.
  /// - Throws: `.unsuitable` for a tile that cannot be.
  static func grid(
    _ picture: Image, tile: Int?, margin: Int, alignment: Int, in context: RunContext,
    program: (_ height: Int, _ width: Int) throws -> Program<Float>
  ) throws -> TileGrid {
    if let tile {
      guard allowed.contains(tile) else {
        throw RunError(
          .unsuitable, "tiles of \(tile) pixels",
          hint: "choose \(allowed.lowerBound) to \(allowed.upperBound)")
      }
      let core = (tile + alignment - 1) / alignment * alignment
      return TileGrid(picture, core: core, margin: margin)
    }
    var grid = TileGrid(picture, core: nil, margin: margin)
    for core in cores {
      if context.fits(try program(grid.height, grid.width)) { break }
      grid = TileGrid(picture, core: core, margin: margin)
    }
    return grid
  }

  /// Fails unless a picture is one that networks can take.
  ///
  /// - Throws: `.unsuitable`.
  static func check(_ picture: Image, least: Int) throws(RunError) {
    guard min(picture.width, picture.height) >= least else {
      throw RunError(
        .unsuitable,
        "a picture of \(picture.width)x\(picture.height) pixels, expected \(least)x\(least) at least",
        hint: "enlarge it")
    }
  }
}

extension RunContext {
  /// Loads a program that draws or measures a picture, in a workspace of its own.
  ///
  /// - Throws: `.unsuitable` when it does not fit in memory.
  func load(_ program: Program<Float>) throws(RunError) -> LoadedProgram<Float> {
    try load([("drawing", program)], into: Workspace(threads: threads, seed: seed))[0]
  }
}
