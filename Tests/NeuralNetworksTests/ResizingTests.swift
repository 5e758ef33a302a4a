import NeuralNetworks
import TensorEngine
import Testing

@Suite struct ResizingTests {
  @Test func reflectionPadMirrorsWithoutTheBorder() throws {
    let x = TensorValue<Float>(shape: [1, 1, 2, 3], scalars: [1, 2, 3, 4, 5, 6])
    let y = try apply(ReflectionPad2D(1), to: x)
    #expect(y.shape == [1, 1, 4, 5])
    #expect(y.scalars == [5, 4, 5, 6, 5, 2, 1, 2, 3, 2, 5, 4, 5, 6, 5, 2, 1, 2, 3, 2])
  }

  @Test func upsampleRepeatsPixels() throws {
    let x = TensorValue<Float>(shape: [1, 1, 2, 2], scalars: [1, 2, 3, 4])
    let y = try apply(Upsample(2), to: x)
    #expect(y.shape == [1, 1, 4, 4])
    #expect(y.scalars == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
  }

  @Test(arguments: [[1, 1, 2, 3], [1, 2, 3]])
  func refuseImagesThatDoNotSuit(shape: [Int]) {
    #expect(throws: ShapeError.self) {
      try apply(ReflectionPad2D(2), to: normalNumbers(Shape(shape)))
    }
    #expect(throws: ShapeError.self) {
      try apply(Upsample(0), to: normalNumbers(Shape(shape)))
    }
  }
}
