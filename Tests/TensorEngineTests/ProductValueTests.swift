import TensorEngine
import Testing

/// Matrix products and convolutions against plain loops, in both precisions and by every provider.
@Suite struct ProductValueTests {
  @Test(arguments: [
    (3, 4, 5, 1), (1, 4, 1, 1), (0, 4, 2, 1), (4, 0, 3, 1), (5, 6, 7, 3), (300, 120, 90, 1),
    (70, 33, 700, 1), (128, 784, 20, 1), (17, 64, 48, 40), (1, 84, 2, 1), (5, 200, 390, 1),
  ])
  func productsEqualPlainLoops(rows: Int, inner: Int, columns: Int, batch: Int) throws {
    let lead = batch == 1 ? [] : [batch]
    let left = numbers(Shape(lead + [rows, inner]), "left")
    let right = numbers(Shape(lead + [inner, columns]), "right")
    func turned(_ x: TensorValue<Double>) -> TensorValue<Double> {
      let rank = x.shape.rank
      let shape = Shape(x.shape.dimensions.dropLast(2) + [x.shape[-1], x.shape[-2]])
      return TensorValue(shape) { place in
        x[place.dropLast(2) + [place[rank - 1], place[rank - 2]]]
      }
    }
    let expected = plainProduct(left, right)
    let operands = [left, right, turned(left), turned(right)]
    func products(_ x: [Tensor]) -> [Tensor] {
      [
        x[0].matmul(x[1]), x[2].transposed().matmul(x[1]), x[0].matmul(x[3].transposed()),
        x[2].transposed().matmul(x[3].transposed()),
      ]
    }
    for result: TensorValue<Double> in try evaluate(operands, products) {
      #expect(result.distance(to: expected) <= 1e-13)
    }
    for threads in 1...2 {
      for result in try evaluate(operands, as: Float.self, threads: threads, products) {
        #expect(result.distance(to: expected) <= 1e-5)
      }
    }
  }

  @Test func aMatrixMultipliesEveryRowOfABatch() throws {
    let (left, right) = (numbers([2, 3, 4], "left"), numbers([4, 5], "right"))
    let result: TensorValue<Double> = try evaluate([left, right]) { [$0[0].matmul($0[1])] }[0]
    let expected = TensorValue<Double>([2, 3, 5]) { place in
      (0..<4).reduce(0.0) { $0 + left[[place[0], place[1], $1]] * right[[$1, place[2]]] }
    }
    #expect(result.distance(to: expected) <= 1e-14)
  }

  private func plainProduct(
    _ left: TensorValue<Double>, _ right: TensorValue<Double>
  ) -> TensorValue<Double> {
    let (rows, inner, columns) = (left.shape[-2], left.shape[-1], right.shape[-1])
    let batch = left.shape.dimensions.dropLast(2).reduce(1, *)
    var scalars = [Double](repeating: 0, count: batch * rows * columns)
    for matrix in 0..<batch {
      for row in 0..<rows {
        for k in 0..<inner {
          let a = left.scalars[(matrix * rows + row) * inner + k]
          for column in 0..<columns {
            scalars[(matrix * rows + row) * columns + column] +=
              a * right.scalars[(matrix * inner + k) * columns + column]
          }
        }
      }
    }
    return TensorValue(
      shape: Shape(left.shape.dimensions.dropLast(2) + [rows, columns]), scalars: scalars)
  }
}
