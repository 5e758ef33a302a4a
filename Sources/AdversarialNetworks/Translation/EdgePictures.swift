import Datasets

extension ImageSet {
  /// The edges of these images: white where brightness changes by at least `threshold`, black
  /// elsewhere. The change is the length of the slope that Sobel's two filters of 3x3 find in the
  /// mean of the channels, with the border's pixels repeated beyond it (Sobel and Feldman, "A 3x3
  /// isotropic gradient operator for image processing", 1968); a straight border between black and
  /// white has 1020.
  ///
  /// - Parameter threshold: above 0; by default half of that border's.
  public func edges(threshold: Int = 510) -> ImageSet {
    precondition(threshold > 0, "a threshold of \(threshold)")
    var edges: [UInt8] = []
    edges.reserveCapacity(pixels.count)
    var grey = [Int](repeating: 0, count: height * width)
    for image in 0..<count {
      for place in grey.indices {
        var sum = 0
        for channel in 0..<channels {
          sum += Int(pixels[image * imageSize + channel * grey.count + place])
        }
        grey[place] = sum / channels
      }
      let plane = edgePlane(of: grey, threshold: threshold)
      for _ in 0..<channels { edges += plane }
    }
    return ImageSet(
      channels: channels, height: height, width: width, pixels: edges, labels: labels,
      classNames: classNames, factors: factors)
  }

  private func edgePlane(of grey: [Int], threshold: Int) -> [UInt8] {
    var plane: [UInt8] = []
    plane.reserveCapacity(grey.count)
    for row in 0..<height {
      let (above, here) = (max(row - 1, 0) * width, row * width)
      let below = min(row + 1, height - 1) * width
      for column in 0..<width {
        let (left, right) = (max(column - 1, 0), min(column + 1, width - 1))
        let x =
          grey[above + right] + 2 * grey[here + right] + grey[below + right]
          - grey[above + left] - 2 * grey[here + left] - grey[below + left]
        let y =
          grey[below + left] + 2 * grey[below + column] + grey[below + right]
          - grey[above + left] - 2 * grey[above + column] - grey[above + right]
        plane.append(x * x + y * y >= threshold * threshold ? 255 : 0)
      }
    }
    return plane
  }
}
