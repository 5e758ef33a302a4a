/// The positions of the elements along an axis in ascending or descending order; equal elements
/// keep their order. What is not a number counts as larger than all numbers.
struct SortOrder: KernelPrimitive {
  static let name = "argsort"
  let axis: Int
  let descends: Bool

  func shape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard axis >= 0, axis < inputs[0].rank, inputs[0].dimensions[axis] <= Int(Int32.max) else {
      throw ShapeError(name, "\(inputs[0]) has no axis \(axis) that positions can count")
    }
    return inputs[0]
  }
  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    guard inputs[0] == .real else {
      throw ShapeError(name, "expects real numbers, got \(inputs[0]); convert with real()")
    }
    return .index
  }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }

  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .sortOrder(call, axis: axis, descends: descends)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .sortOrder(call, axis: axis, descends: descends)
  }
}
