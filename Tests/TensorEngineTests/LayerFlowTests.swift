import TensorEngine
import Testing

@Suite struct LayerFlowTests {
  /// Two branches of one input, added and read by a third layer, in a layer of its own.
  private func graph() -> Graph {
    let graph = Graph()
    let x = graph.input("x", shape: [2, 3])
    let weight = graph.state("weight", initial: TensorValue(repeating: 2, shape: [3, 4]))
    graph.scoped("net") {
      let sum = graph.layer("block", kind: "Block") {
        let left = graph.layer("left", kind: "Dense") { x.matmul(weight) }
        let right = graph.layer("right", kind: "Dense") { (x * 3).matmul(weight).relu() }
        return (left + right).tanh()
      }
      let same = graph.layer("same", kind: "Identity") { sum }
      _ = graph.layer("last", kind: "Exp") { same.exp() }
    }
    return graph
  }

  @Test func operationsBetweenLayersArePassedOver() {
    let flows = graph().flows()
    #expect(
      flows.map(\.layer.path) == ["net.block.left", "net.block.right", "net.same", "net.last"])
    let origins = flows.map { $0.inputs.map(\.origin) }
    #expect(origins[0] == [.input("x")] && origins[1] == [.input("x")])
    #expect(origins[2] == [.layer("net.block.left"), .layer("net.block.right")])
    #expect(flows[0].inputs[0].shape == [2, 3] && flows[2].inputs[0].shape == [2, 4])
    #expect(origins[3] == [.layer("net.same")])
  }

  @Test func theResultOfALayerIsItsTensor() throws {
    let graph = graph()
    let last = try #require(graph.layers.last)
    #expect(last.path == "net.last" && graph.result(of: last).shape == [2, 4])
    let gradient = graph.gradients(
      of: graph.result(of: last).sum(), withRespectTo: [graph.result(of: graph.layers[0])])
    #expect(gradient[0].shape == [2, 4])
  }
}
