// Unsafe: hands the pointers of operands and result to oneDNN; the plan was made for exactly the
// shapes that the pointers have room for.

#if OneDNN
  import COneDNN
#endif

/// Who carries out convolutions in single precision. All give the same results but for rounding.
public enum ConvolutionProvider: String, Sendable, CaseIterable {
  /// Whichever measured fastest for the shape.
  case fastest
  /// Columns and matrix products.
  case columns
  /// Products with windows packed as they are needed; columns for what that is not for.
  case windows
  /// Products on AMX that read the images in place, else as `windows`.
  case direct
  /// Products with lines of the images whose results are shifted and added, for large windows and few
  /// filters, else as `windows`.
  case shifts
  /// Winograd's algorithm for 3x3 windows with stride 1 and 4x4 windows with stride 2, else columns.
  case winograd
  /// oneDNN where it is built in and supports the shape, else columns.
  case oneDNN

  /// What oneDNN calls itself, such as "2.6.3"; nil when it is not built in.
  public static var oneDNNVersion: String? {
    #if OneDNN
      return unsafe String(cString: onednn_version_text())
    #else
      return nil
    #endif
  }

  /// To be called once on every thread that runs kernels: libraries then use it alone.
  static func prepareThread() {
    #if OneDNN
      onednn_use_one_thread()
    #endif
  }

  func kernel(
    _ pass: ConvolutionPass, _ window: ConvolutionWindow, _ finish: Finish? = nil
  ) -> Kernel<Float> {
    let columns = Kernel<Float>.columnConvolution(pass, window)
    switch self {
    case .columns: return columns
    case .windows: return .windowProduct(pass, window, finish) ?? columns
    case .direct:
      return .directConvolution(pass, window, finish) ?? .windowProduct(pass, window, finish)
        ?? columns
    case .shifts:
      return .shiftedProduct(pass, window) ?? .windowProduct(pass, window, finish)
        ?? columns
    case .winograd: return .winograd(pass, window, finish) ?? columns
    case .fastest: return fastestKernel(pass, window, finish) ?? columns
    case .oneDNN:
      #if OneDNN
        return Kernel(sharedScratch: columns.sharedScratch) { workers in
          .oneDNN(pass, window, workers: workers) ?? columns
        }
      #else
        return columns
      #endif
    }
  }
}

extension ConvolutionProvider {
  /// Channels from which Winograd's algorithm pays for gradients; `atelier bench conv` shows it.
  private static let fewestChannels = 16
  /// Channels up to which gradients of 4x4 windows with stride 2 are fastest by columns.
  private static let fewChannels = 8

  /// What `atelier bench conv` measured fastest for such windows; nil for columns.
  private func fastestKernel(
    _ pass: ConvolutionPass, _ window: ConvolutionWindow, _ finish: Finish?
  ) -> Kernel<Float>? {
    let hasChannels = min(window.channels, window.filters) >= Self.fewestChannels
    if hasChannels || pass == .forward, let winograd = Kernel<Float>.winograd(pass, window, finish)
    {
      return winograd
    }
    let isSmall = window.strideHeight == 2 && window.kernelHeight * window.kernelWidth <= 16
    if isSmall, window.channels <= Self.fewChannels, pass != .forward { return nil }
    return .directConvolution(pass, window, finish) ?? .shiftedProduct(pass, window)
      ?? .windowProduct(pass, window, finish)
  }
}

#if OneDNN
  extension Kernel<Float> {
    /// A convolution by oneDNN over fixed pieces of the batch, each on one thread; nil when oneDNN
    /// does not support it. Partial weight gradients are added in order.
    fileprivate static func oneDNN(
      _ pass: ConvolutionPass, _ window: ConvolutionWindow, workers: Int
    ) -> Kernel? {
      let pieces = partialChunks(window)
      let lastSize = pieces[pieces.number - 1].count
      // Measured: oneDNN's image gradient is slower than columns for so few channels.
      let hasFewChannels = pass == .imageGradient && window.channels <= 4
      guard window.batch > 0, !hasFewChannels,
        let whole = OneDNNPlan(pass, window, batch: min(pieces.size, window.batch), workers),
        let last = lastSize == pieces.size
          ? whole : OneDNNPlan(pass, window, batch: lastSize, workers)
      else { return nil }
      let imageSize = window.imageSize * window.groups
      let resultSize = window.resultSize * window.groups
      let weightSize = window.weightSize * window.groups
      let phase = Phase(chunks: pieces.number) { arguments, chunk in
        let plan = chunk == pieces.number - 1 ? last : whole
        let first = pieces[chunk].lowerBound
        switch pass {
        case .forward:
          unsafe plan.run(
            arguments.worker, arguments.input(0) + first * imageSize, arguments.input(1),
            arguments.output() + first * resultSize)
        case .imageGradient:
          unsafe plan.run(
            arguments.worker, arguments.input(0), arguments.input(1) + first * resultSize,
            arguments.output() + first * imageSize)
        case .weightGradient:
          let partial = unsafe arguments.shared.assumingMemoryBound(to: Float.self)
          unsafe plan.run(
            arguments.worker, arguments.input(0) + first * imageSize,
            arguments.input(1) + first * resultSize, partial + chunk * weightSize)
        }
      }
      guard pass == .weightGradient else { return Kernel(phases: [phase]) }
      return Kernel(
        phases: [phase, addingPartials(pieces.number, weightSize)],
        sharedScratch: pieces.number * weightSize * MemoryLayout<Float>.stride)
    }
  }

  /// oneDNN's plan for one piece of a batch, freed with its last reference.
  @safe private final class OneDNNPlan: @unchecked Sendable {
    // Sendable: the plan itself is immutable; what a run changes belongs to one worker.
    private let plan: OpaquePointer

    init?(_ pass: ConvolutionPass, _ window: ConvolutionWindow, batch: Int, _ workers: Int) {
      var shapes = onednn_convolution(
        batch: batch, in_channels: window.channels * window.groups, in_height: window.height,
        in_width: window.width, out_channels: window.filters * window.groups,
        out_height: window.outHeight, out_width: window.outWidth,
        kernel_height: window.kernelHeight, kernel_width: window.kernelWidth,
        stride_h: window.strideHeight, stride_w: window.strideWidth, pad_top: window.padTop,
        pad_left: window.padLeft, pad_bottom: window.padBottom, pad_right: window.padRight,
        dilation_h: window.dilationHeight, dilation_w: window.dilationWidth, groups: window.groups)
      let number =
        switch pass {
        case .forward: ONEDNN_FORWARD
        case .imageGradient: ONEDNN_BACKWARD_DATA
        case .weightGradient: ONEDNN_BACKWARD_WEIGHTS
        }
      guard
        let plan = unsafe onednn_plan_create(
          number.rawValue, &shapes, ONEDNN_AUTO.rawValue, Int32(workers))
      else { return nil }
      unsafe self.plan = plan
    }

    deinit { unsafe onednn_plan_destroy(plan) }

    func run(
      _ worker: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
      _ y: UnsafeMutablePointer<Float>
    ) {
      let status = unsafe onednn_plan_run(plan, Int32(worker), a, b, y)
      precondition(status == 0, "oneDNN failed with status \(status) on a plan it had accepted")
    }
  }
#endif
