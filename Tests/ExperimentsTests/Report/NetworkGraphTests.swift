import Experiments
import NeuralNetworks
import Randomness
import TensorEngine
import Testing

@Suite struct NetworkGraphTests {
  /// Two dense layers, one after the other.
  private var description: ExperimentDescription {
    var random = RandomStream(seed: 1, name: "weights")
    let network = [Dense(4, 3, random: &random), Dense(3, 2, random: &random)]
    let graph = Graph()
    _ = graph.bind(network, as: "net")(graph.input("rows", shape: [5, 4]), mode: .inference)
    return ExperimentDescription(layers: ExperimentDescription.layers(of: graph, network))
  }

  @Test func layersKnowWhatTheyReadAndHold() {
    let layers = description.layers
    #expect(layers.map(\.path) == ["0", "1"])
    #expect(layers[0].weights.map(\.name) == ["weight", "bias"])
    #expect(layers[0].weights[0].shape == [3, 4])
    #expect(layers[0].inputs.map(\.origin) == [.input("rows")] && layers[0].inputs[0].shape == [4])
    #expect(layers[1].inputs.map(\.origin) == [.layer("0")] && layers[1].inputs[0].shape == [3])
  }

  @Test func graphvizReadsBoxesAndArrows() {
    let text = NetworkGraph(description, title: "a \"b\" \\ c").dot()
    #expect(text.hasPrefix("digraph network {\n") && text.hasSuffix("}\n"))
    #expect(text.contains(#"label="a \"b\" \\ c""#))
    #expect(text.contains(#"n0 [label="0 Dense\nweight 3 x 4\nbias 3\n15 parameters"]"#))
    #expect(text.contains(#"n2 [label="rows", shape=ellipse"#))
    #expect(text.contains(#"n2 -> n0 [label=" 4"]"#) && text.contains(#"n0 -> n1 [label=" 3"]"#))
  }

  @Test func mermaidReadsBoxesAndArrows() {
    let text = NetworkGraph(description, title: "x").mermaid()
    #expect(text.contains("flowchart TB\n"))
    #expect(text.contains(#"n1["1 Dense<br/>weight 2 x 3<br/>bias 2<br/>8 parameters"]"#))
    #expect(text.contains(#"n2(["rows"])"#) && text.contains(#"n2 -->|"4"| n0"#))
  }

  @Test func groupsAreOpenedAndClosed() {
    func layer(_ path: String) -> ExperimentDescription.Layer {
      .init(path: path, kind: "Dense", outputShape: [2], parameters: 0)
    }
    let description = ExperimentDescription(
      layers: [
        layer("a.0.x"), layer("a.0.y"), layer("a.0"), layer("a.1"), layer("b"), layer("c.0"),
      ])
    let graph = NetworkGraph(description, title: "groups")
    let dot = graph.dot()
    #expect(dot.filter { $0 == "{" }.count == dot.filter { $0 == "}" }.count)
    for group in ["a", "a.0", "c"] { #expect(dot.contains("\"cluster_\(group)\"")) }
    #expect(!dot.contains("cluster_b"))
    let lines = graph.mermaid().split(separator: "\n").map { $0.drop { $0 == " " } }
    #expect(lines.count { $0.hasPrefix("subgraph") } == lines.count { $0 == "end" })
    // The flow is not known: the boxes follow each other.
    #expect(dot.contains("n0 -> n1") && dot.contains("n3 -> n4") && !dot.contains("n4 -> n5"))
  }
}
