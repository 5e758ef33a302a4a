import TensorEngine

/// The mean and the variance of each channel over all tiles of a picture.
struct ChannelMoments {
  private var sums: [Double]
  private var squares: [Double]
  private var count = 0

  init(channels: Int) {
    sums = [Double](repeating: 0, count: channels)
    squares = sums
  }

  /// Adds a part of features [1, channels, H, W].
  mutating func add(_ features: TensorValue<Float>, rows: Range<Int>, columns: Range<Int>) {
    let (height, width) = (features.shape[2], features.shape[3])
    let scalars = features.scalars
    for channel in sums.indices {
      var (sum, square) = (0.0, 0.0)
      for row in rows {
        let start = (channel * height + row) * width
        for place in start + columns.lowerBound..<start + columns.upperBound {
          let value = Double(scalars[place])
          sum += value
          square += value * value
        }
      }
      sums[channel] += sum
      squares[channel] += square
    }
    count += rows.count * columns.count
  }

  /// The means.
  var mean: [Float] { sums.map { Float($0 / Double(count)) } }

  /// The biased variances.
  var variance: [Float] {
    zip(sums, squares).map { sum, square in
      let mean = sum / Double(count)
      return Float(max(0, square / Double(count) - mean * mean))
    }
  }
}
