import StyleTransfer
import TensorEngine
import Testing

@Suite struct GramMatrixTests {
  @Test("the Gram matrix of two channels, by hand")
  func byHand() throws {
    let graph = Graph()
    let features = graph.constant([1, 2, 3, 4, 0, 1, 0, -1], shape: [1, 2, 2, 2])
    let gram = try features.gramMatrix.value
    #expect(gram.shape == [1, 2, 2])
    #expect(gram.scalars == [30, -2, -2, 2].map { Float($0) / 8 })
  }
}
