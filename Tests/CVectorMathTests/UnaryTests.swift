import CVectorMath
import Testing

@Test func small() {
  var y: [Float] = [0, 0]
  unsafe vm_unary_f32(VM_UNARY_EXP.rawValue, 2, [1, 2], &y)
  #expect(y[0] > 2.7)
}
