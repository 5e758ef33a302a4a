import Experiments
import Imaging
import TensorEngine

/// What is done with a picture at one of its scales: as a whole, or by tiles.
enum ScaleWork {
  /// As a whole: a step of Adam where that is the rule, and the losses with their gradient.
  case whole(step: LoadedProgram<Float>?, losses: LoadedProgram<Float>?)
  /// By tiles.
  case tiled(TiledPicture, TileGrid, [LoadedProgram<Float>])

  /// The programs of all scales, loaded together.
  static func load(
    _ programs: PicturePrograms, _ scales: [PictureScale], in context: RunContext,
    _ workspace: Workspace<Float>
  ) throws -> [ScaleWork] {
    let usesAdam = programs.configuration.optimizer.rule == .adam
    let grids = scales.map { programs.grid(width: $0.width, height: $0.height) }
    let named = try zip(scales, grids).map { scale, grid -> [(String, Program<Float>)] in
      if grid.tiles.count > 1 { return try TiledPicture.programs(programs, scale, grid) }
      let size = "\(scale.width)x\(scale.height)"
      var named: [(String, Program<Float>)] = []
      if usesAdam { named.append(("step at \(size)", try programs.adamStep(scale))) }
      // The last scale is where every evaluation is made.
      if !usesAdam || scale == scales.last {
        named.append(
          ("losses at \(size)", try programs.losses(scale, withGradient: !usesAdam)))
      }
      return named
    }
    var loaded = try context.load(named.flatMap { $0 }, into: workspace)[...]
    return zip(zip(scales, grids), named).map { place, named in
      let (scale, grid) = place
      let own = Array(loaded.prefix(named.count))
      loaded = loaded.dropFirst(named.count)
      if grid.tiles.count > 1 {
        return .tiled(TiledPicture(loaded: own, programs, scale, grid), grid, own)
      }
      return usesAdam
        ? .whole(step: own[0], losses: own.count > 1 ? own[1] : nil)
        : .whole(step: nil, losses: own[0])
    }
  }

  /// All programs.
  var loaded: [LoadedProgram<Float>] {
    switch self {
    case .whole(let step, let losses): [step, losses].compactMap { $0 }
    case .tiled(_, _, let loaded): loaded
    }
  }

  // MARK: Targets

  /// Computes what the picture is compared with.
  mutating func prepare(
    content: Image?, styles: [Image], _ programs: PicturePrograms, _ scale: PictureScale,
    _ workspace: Workspace<Float>, _ stop: StopRequest
  ) throws {
    guard case .tiled(var tiled, let grid, let loaded) = self else {
      if let content, let program = try programs.contentTargets(scale) {
        Self.keep(program, on: content, in: workspace)
      }
      for (index, style) in styles.enumerated() where programs.hasStyle {
        try stop.check()
        Self.keep(try programs.styleTargets(scale, style: index), on: style, in: workspace)
      }
      return
    }
    if let content, programs.hasContent {
      try tiled.prepare(
        content: content.planarValues,
        sizes: workspace.load(try programs.tileContentSizes(grid)), stop)
    }
    for style in styles where programs.hasStyle {
      let grid = programs.grid(width: style.width, height: style.height)
      try tiled.add(
        style: style.planarValues, grid, grams: workspace.load(try programs.tileGrams(grid)), stop)
    }
    self = .tiled(tiled, grid, loaded)
  }

  /// Runs a program of targets, and keeps what it gives in the states that are named like it.
  private static func keep(
    _ program: Program<Float>, on image: Image, in workspace: Workspace<Float>
  ) {
    let loaded = workspace.load(program)
    loaded.set("picture", to: image.planarValues)
    loaded.run(step: 0)
    for name in program.outputNames where workspace.shape(ofState: name) != nil {
      workspace[state: name] = loaded[name]
    }
  }

  // MARK: Steps

  /// Has Adam change the picture's state; gives the losses before.
  func adamStep(
    _ number: Int, _ workspace: Workspace<Float>, _ scale: PictureScale, _ stop: StopRequest
  ) throws -> Metrics {
    switch self {
    case .whole(let step, _):
      guard let step else { preconditionFailure("the rule is not Adam") }
      step.run(step: number)
      return Self.metrics(step)
    case .tiled(let tiled, _, _):
      let (metrics, gradient) = try tiled.losses(of: workspace[state: scale.state].scalars, stop)
      tiled.step(number, gradient: gradient)
      return metrics
    }
  }

  /// The losses of a picture [3, H, W], and the gradient where the rule is L-BFGS.
  func losses(
    of values: [Float], step: Int, _ stop: StopRequest
  ) throws -> (metrics: Metrics, gradient: [Float]) {
    switch self {
    case .whole(_, let losses):
      guard let losses else { preconditionFailure("losses are asked for at the last scale") }
      losses.set("picture", to: values)
      losses.run(step: step)
      let hasGradient = losses.program.outputNames.contains("gradient")
      return (Self.metrics(losses), hasGradient ? losses["gradient"].scalars : [])
    case .tiled(let tiled, _, _): return try tiled.losses(of: values, stop)
    }
  }

  private static func metrics(_ program: LoadedProgram<Float>) -> Metrics {
    var metrics = Metrics()
    for name in ["loss", "content", "style", "variation"]
    where program.program.outputNames.contains(name) {
      metrics.append(name, Double(program.scalar(name)))
    }
    return metrics
  }
}
