// Unsafe: hands the pointers of operands, results and scratch to C loops. Offsets come from the
// window's shapes, and the scratch sizes from the same numbers.

import CVectorMath

extension Kernel<Float> {
  /// Channels below which the channels of a tile are mostly missing.
  private static var fewestChannels: Int { 9 }

  /// A convolution or one of its gradients on AMX, reading the images in place; nil without AMX and
  /// for groups or few channels.
  static func directConvolution(
    _ pass: ConvolutionPass, _ window: ConvolutionWindow, _ finish: Finish?
  ) -> Kernel? {
    let channels = pass == .imageGradient ? window.filters : window.channels
    guard window.groups == 1, window.batch > 0, channels >= fewestChannels, window.filters > 0,
      window.channels > 0, vm_has_direct_convolution() != 0
    else { return nil }
    guard let (parts, images, weights) = WindowPart.parts(pass, window) else {
      return directWeightGradient(window)
    }
    return directConvolution(parts, window, images: images, weights: weights, finish)
  }

  /// - Parameter images: the operand that is read by windows.
  private static func directConvolution(
    _ parts: [WindowPart], _ window: ConvolutionWindow, images: Int, weights: Int,
    _ finish: Finish?
  ) -> Kernel {
    let layout = SplitLayout(parts)
    let cut = layout.cut(
      images: window.batch, bytesPerLine: layout.lineBytes(inPairs: true), cachedBytes: cachedBytes,
      fewestPieces)
    let planeBytes = layout.bytes(cut, inPairs: true)
    let filters = parts[0].filters
    let wanted = (fewestPieces + cut.number - 1) / cut.number
    let pieces = Chunks(of: filters, size: ((filters + wanted - 1) / wanted + 31) / 32 * 32)
    let leftBytes = parts.indices.map {
      (filters + 15) / 16 * 16 * layout.filterBytes(part: $0)
    }
    let lefts = leftBytes.indices.map { leftBytes[..<$0].reduce(0, +) }
    var kernel = Kernel(
      chunks: cut.number * pieces.number, workerScratch: planeBytes
    ) { arguments, chunk in
      let filters = pieces[chunk % pieces.number]
      let (block, strip) = cut[chunk / pieces.number]
      unsafe layout.withImage(cut) { shape in
        unsafe vm_split_pairs(
          shape, block.count, layout.imageSize,
          arguments.input(images) + block.lowerBound * layout.imageSize, strip.lowerBound,
          strip.count + layout.rowShift, arguments.scratch)
      }
      for number in parts.indices {
        let part = parts[number]
        let lines = Swift.min(strip.upperBound, part.windows.out_height) - strip.lowerBound
        if lines <= 0 { continue }
        let strides = part.resultStrides
        unsafe layout.withWindows(part: number, cut, block.count, strip.count, lines: lines) {
          shape in
          unsafe vm_direct_convolution(
            shape, filters.count, layout.channels,
            arguments.packed + lefts[number] + filters.lowerBound
              * layout.filterBytes(part: number),
            arguments.scratch, arguments.bias(finish, from: filters.lowerBound),
            finish.relu,
            arguments.output() + part.firstResult + block.lowerBound * strides.image
              + filters.lowerBound * strides.plane + strip.lowerBound * strides.row,
            strides)
        }
      }
    }
    kernel.isFinished = true
    let rows = Chunks(of: filters, size: 16)
    kernel.packing = Packing(
      operand: weights, form: "direct \(window.weightForm) \(weights)",
      bytes: leftBytes.reduce(0, +),
      phases: parts.indices.map { number in
        let depth = layout.depth(part: number)
        let offsets = layout.weightOffsets(part: number)
        let stride = parts[number].filterStride
        return Phase(chunks: rows.number) { arguments, chunk in
          let range = rows[chunk]
          unsafe offsets.withUnsafeBufferPointer { offsets in
            unsafe vm_split_weights(
              range.count, depth,
              arguments.input(weights) + range.lowerBound * stride, stride, offsets.baseAddress,
              arguments.packed + lefts[number] + range.lowerBound
                * layout.filterBytes(part: number))
          }
        }
      })
    return kernel
  }

  /// Fixed pieces of the strips of all images sum a partial gradient each; the pieces are added in
  /// order.
  private static func directWeightGradient(_ window: ConvolutionWindow) -> Kernel {
    let part = WindowPart(window)
    let layout = SplitLayout([part])
    let (filters, channels) = (window.filters, window.channels)
    let cut = layout.cut(
      images: window.batch,
      bytesPerLine: layout.lineBytes(inPairs: false)
        + (filters + 15) / 16 * 16 * layout.pitch * 6,
      cachedBytes: cachedBytes, maximumPartials)
    let planeBytes = layout.bytes(cut, inPairs: false)
    let pieces = Chunks(
      of: cut.number, size: (cut.number + maximumPartials - 1) / maximumPartials)
    let size = window.weightSize
    let taps = window.kernelHeight * window.kernelWidth
    let sum = Phase(chunks: pieces.number) { arguments, chunk in
      let partial = unsafe arguments.shared.assumingMemoryBound(to: Float.self) + chunk * size
      let cotangents = unsafe arguments.scratch + planeBytes
      for item in pieces[chunk] {
        let (block, strip) = cut[item]
        unsafe layout.withImage(cut) { shape in
          unsafe vm_split_channels(
            shape, block.count, layout.imageSize,
            arguments.input(0) + block.lowerBound * layout.imageSize, strip.lowerBound,
            strip.count + layout.rowShift, arguments.scratch)
        }
        unsafe layout.withWindows(part: 0, cut, block.count, strip.count, lines: strip.count) {
          shape in
          unsafe vm_split_cotangents(
            shape, filters,
            arguments.input(1) + block.lowerBound * window.resultSize
              + strip.lowerBound * window.outWidth,
            part.resultStrides,
            cotangents)
          unsafe vm_direct_weight_gradient(
            shape, filters, channels, arguments.scratch, cotangents, partial,
            item > pieces[chunk].lowerBound ? 1 : 0)
        }
      }
    }
    let ranges = Chunks(of: channels, size: 16)
    let add = Phase(chunks: ranges.number) { arguments, chunk in
      unsafe vm_add_weight_gradients(
        taps, channels, filters, pieces.number,
        arguments.shared.assumingMemoryBound(to: Float.self), ranges[chunk].lowerBound,
        ranges[chunk].upperBound, arguments.output())
    }
    return Kernel(
      phases: [sum, add],
      workerScratch: planeBytes
        + vm_cotangent_bytes(
          filters,
          vm_window_count(
            cut.images.size, cut.strips.size + layout.rowShift, cut.strips.size, layout.pitch)),
      sharedScratch: pieces.number * size * MemoryLayout<Float>.stride)
  }
}

/// How an image is laid out so that the windows of all parts can be read in place.
private struct SplitLayout: Sendable {
  let channels: Int
  /// Elements of an image.
  let imageSize: Int
  /// Lines of windows, and places of a line.
  let lines: Int
  let pitch: Int
  /// Lines that are read beyond those of the windows.
  let rowShift: Int
  private let columnShift: Int
  private let image: vm_windows
  /// The place of a tap of a part, as remainder (phase) and shift.
  private struct Taps: Sendable {
    var phases: [Int] = []
    var rows: [Int] = []
    var columns: [Int] = []
    /// Places from a window to its tap.
    var shifts: [Int] = []
    let width: Int
    let offsets: [Int]
  }
  private let parts: [Taps]
  /// Pairs of a row's and a column's remainder by the strides.
  private let phases: [Int]

  init(_ windows: [WindowPart]) {
    var image = windows[0].windows
    image.pad_top = windows.map(\.windows.pad_top).max() ?? 0
    image.pad_left = windows.map(\.windows.pad_left).max() ?? 0
    var phases: [[Int]] = []
    var parts = windows.map { part in
      let shape = part.windows
      var taps = Taps(width: shape.out_width, offsets: part.offsets)
      for i in 0..<shape.kernel_height {
        for j in 0..<shape.kernel_width {
          let y = image.pad_top - shape.pad_top + i * shape.dilation_height
          let x = image.pad_left - shape.pad_left + j * shape.dilation_width
          let phase = [y % shape.stride_height, x % shape.stride_width]
          if !phases.contains(phase) { phases.append(phase) }
          taps.phases.append(phases.firstIndex(of: phase) ?? 0)
          taps.rows.append(y / shape.stride_height)
          taps.columns.append(x / shape.stride_width)
        }
      }
      return taps
    }
    self.phases = phases.flatMap { $0 }
    self.image = image
    channels = image.channels
    imageSize = image.image_stride
    lines = windows.map(\.windows.out_height).max() ?? 0
    rowShift = parts.flatMap(\.rows).max() ?? 0
    columnShift = parts.flatMap(\.columns).max() ?? 0
    let pitch = (windows.map(\.windows.out_width).max() ?? 0) + columnShift
    for number in parts.indices {
      parts[number].shifts = zip(parts[number].rows, parts[number].columns).map { $0 * pitch + $1 }
    }
    (self.parts, self.pitch) = (parts, pitch)
  }

  private var phaseCount: Int { phases.count / 2 }

  /// Images, or strips of one, that are small enough to stay in cache with whatever else there is
  /// per line, and at least `fewestPieces` if there are images for that.
  func cut(
    images: Int, bytesPerLine: Int, cachedBytes: Int, _ fewestPieces: Int
  ) -> SplitCut {
    let most = Swift.max(1, cachedBytes / Swift.max(1, bytesPerLine))
    let number = (lines + most - rowShift - 1) / Swift.max(1, most - rowShift)
    if most > rowShift, number == 1 {
      let together = Swift.min(
        most / (lines + rowShift), (images + fewestPieces - 1) / fewestPieces)
      return SplitCut(
        images: Chunks(of: images, size: together), strips: Chunks(of: lines, size: lines))
    }
    let size = most > rowShift ? (lines + number - 1) / number : 1
    return SplitCut(images: Chunks(of: images, size: 1), strips: Chunks(of: lines, size: size))
  }

  /// Places of a plane: an odd number of cache lines, so that the planes of a tile do not evict
  /// each other.
  private func plane(_ cut: SplitCut) -> Int {
    (cut.images.size * (cut.strips.size + rowShift) * pitch + 32 + columnShift + 31) / 32 * 32 + 16
  }

  /// Bytes of a line of all channels.
  func lineBytes(inPairs: Bool) -> Int {
    let unit = inPairs ? 32 : 16
    return (channels + unit - 1) / unit * unit * 6 * phaseCount * pitch
  }

  /// Bytes of a piece's planes.
  func bytes(_ cut: SplitCut, inPairs: Bool) -> Int {
    let unit = inPairs ? 32 : 16
    return (channels + unit - 1) / unit * phaseCount * 3
      * vm_part_bytes(plane(cut), inPairs ? 1 : 0)
  }

  /// Summed places of a filter: 32 for each tap and 32 channels.
  func depth(part: Int) -> Int { (channels + 31) / 32 * parts[part].rows.count * 32 }

  /// Bytes of a filter's split weights.
  func filterBytes(part: Int) -> Int { depth(part: part) * 6 }

  /// The place of each of them in the weights; negative for a missing channel.
  func weightOffsets(part: Int) -> [Int] {
    let taps = parts[part].rows.count
    return (0..<(channels + 31) / 32).flatMap { block in
      (0..<taps).flatMap { tap in
        (0..<32).map {
          let channel = block * 32 + $0
          return channel < channels ? parts[part].offsets[channel * taps + tap] : -1
        }
      }
    }
  }

  func withImage(_ cut: SplitCut, _ body: (UnsafePointer<vm_split_image>) -> Void) {
    unsafe phases.withUnsafeBufferPointer { phases in
      var shape = unsafe vm_split_image(
        channels: channels, height: image.height, width: image.width,
        stride_height: image.stride_height, stride_width: image.stride_width,
        pad_top: image.pad_top, pad_left: image.pad_left, phase_count: phaseCount,
        phases: phases.baseAddress, pitch: pitch, plane: plane(cut))
      unsafe body(&shape)
    }
  }

  /// - Parameters:
  ///   - strip: lines of windows that the planes hold of each image.
  ///   - lines: those of them that the part has.
  func withWindows(
    part: Int, _ cut: SplitCut, _ images: Int, _ strip: Int, lines: Int,
    _ body: (UnsafePointer<vm_split_windows>) -> Void
  ) {
    let taps = parts[part]
    unsafe taps.phases.withUnsafeBufferPointer { phases in
      unsafe taps.shifts.withUnsafeBufferPointer { shifts in
        var shape = unsafe vm_split_windows(
          taps: shifts.count, phases: phases.baseAddress, shifts: shifts.baseAddress,
          phase_count: phaseCount, plane: plane(cut), pitch: pitch, image_lines: strip + rowShift,
          out_width: taps.width, out_lines: lines, images: images)
        unsafe body(&shape)
      }
    }
  }
}

/// The pieces that are worked on: some images, or a strip of the lines of one.
private struct SplitCut: Sendable {
  let images: Chunks
  let strips: Chunks

  var number: Int { images.number * strips.number }

  subscript(piece: Int) -> (images: Range<Int>, strip: Range<Int>) {
    (images[piece / strips.number], strips[piece % strips.number])
  }
}
