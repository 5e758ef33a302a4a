import FileFormats
import TensorEngine

/// The layers of an experiment and the tensors between them, as text that is drawn by other programs:
/// Graphviz and Mermaid.
public struct NetworkGraph: Sendable {
  /// A box of the drawing: an input, or a layer.
  private struct Node {
    var name: String
    /// What it says, line by line.
    var lines: [String]
    var isInput: Bool
    /// The parts of the path above the layer: `encoder`, `encoder.2`.
    var groups: [String]
  }

  /// A tensor that flows from one box to another.
  private struct Edge: Hashable {
    var from: Int
    var to: Int
    var shape: [Int]
  }

  private let title: String
  private var nodes: [Node] = []
  private var edges: [Edge] = []

  /// The graph of an experiment's layers. Layers that hold others are groups of the drawing. Where the
  /// flow between layers is not known they follow each other.
  public init(_ description: ExperimentDescription, title: String) {
    self.title = title
    var layers: [ExperimentDescription.Layer] = []
    var places: [String: Int] = [:]
    let outer = Set(description.layers.flatMap { Self.groups(of: $0.path) })
    for layer in description.layers where !outer.contains(layer.path) {
      guard places[layer.path] == nil else { continue }
      places[layer.path] = nodes.count
      layers.append(layer)
      nodes.append(Self.node(of: layer))
    }
    var inputs: [String: Int] = [:]
    for (place, layer) in layers.enumerated() {
      for input in layer.inputs {
        let origin: Int
        switch input.origin {
        case .layer(let path):
          guard let known = places[path] else { continue }
          origin = known
        case .input(let name):
          origin = inputs[name] ?? nodes.count
          if origin == nodes.count {
            inputs[name] = origin
            nodes.append(Node(name: name, lines: [name], isInput: true, groups: []))
          }
        }
        let edge = Edge(from: origin, to: place, shape: input.shape)
        if !edges.contains(edge) { edges.append(edge) }
      }
    }
    if edges.isEmpty {
      edges = layers.indices.dropLast().map {
        Edge(from: $0, to: $0 + 1, shape: layers[$0].outputShape)
      }
    }
  }

  private static func node(of layer: ExperimentDescription.Layer) -> Node {
    let path = layer.path.split(separator: ".")
    var lines = ["\(path.last ?? "") \(layer.kind)"]
    lines += layer.weights.map { "\($0.name) \(text($0.shape))" }
    if layer.parameters > 0 { lines.append(Quantity.count(layer.parameters, "parameter")) }
    return Node(name: layer.path, lines: lines, isInput: false, groups: groups(of: layer.path))
  }

  /// `a.b.c` is in `a` and in `a.b`.
  private static func groups(of path: String) -> [String] {
    path.indices.filter { path[$0] == "." }.map { String(path[..<$0]) }
  }

  private static func text(_ shape: [Int]) -> String {
    shape.isEmpty ? "1" : shape.map(String.init).joined(separator: " x ")
  }

  // MARK: Forms

  /// The graph in the language of Graphviz.
  public func dot() -> String {
    var lines = [
      "digraph network {",
      "  graph [label=\(Self.quoted(title)), labelloc=t, fontname=\"Helvetica\", fontsize=16]",
      "  node [shape=box, style=\"rounded,filled\", fillcolor=\"#eef4fb\", color=\"#3f90da\", "
        + "fontname=\"Helvetica\", fontsize=11]",
      "  edge [fontname=\"Helvetica\", fontsize=10, color=\"#717581\", fontcolor=\"#3c4043\"]",
    ]
    forEachNode(
      open: { group, depth in
        let indent = String(repeating: "  ", count: depth)
        lines.append("\(indent)subgraph \(Self.quoted("cluster_" + group)) {")
        lines.append(
          "\(indent)  graph [label=\(Self.quoted(group)), fontsize=12, color=\"#b9c0c8\"]")
      },
      close: { depth in lines.append(String(repeating: "  ", count: depth) + "}") },
      node: { place, node, depth in
        let form = node.isInput ? ", shape=ellipse, fillcolor=\"#fff4de\", color=\"#ffa90e\"" : ""
        lines.append(
          String(repeating: "  ", count: depth)
            + "n\(place) [label=\(Self.quoted(node.lines.joined(separator: "\n")))\(form)]")
      })
    for edge in edges {
      lines.append(
        "  n\(edge.from) -> n\(edge.to) [label=\(Self.quoted(" " + Self.text(edge.shape)))]")
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  /// The graph in the language of Mermaid, which Markdown viewers draw.
  public func mermaid() -> String {
    var lines = ["---", "title: \"\(Self.entities(title))\"", "---", "flowchart TB"]
    forEachNode(
      open: { group, depth in
        let indent = String(repeating: "  ", count: depth)
        lines.append(
          "\(indent)subgraph g\(group.replacing(".", with: "_")) [\"\(Self.entities(group))\"]")
      },
      close: { depth in lines.append(String(repeating: "  ", count: depth) + "end") },
      node: { place, node, depth in
        let label = node.lines.map(Self.entities).joined(separator: "<br/>")
        lines.append(
          String(repeating: "  ", count: depth)
            + (node.isInput ? "n\(place)([\"\(label)\"])" : "n\(place)[\"\(label)\"]"))
      })
    for edge in edges {
      lines.append("  n\(edge.from) -->|\"\(Self.text(edge.shape))\"| n\(edge.to)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Calls for each box, and where groups of them begin and end; boxes of a group follow each other.
  private func forEachNode(
    open: (_ group: String, _ depth: Int) -> Void, close: (_ depth: Int) -> Void,
    node: (_ place: Int, _ node: Node, _ depth: Int) -> Void
  ) {
    var current: [String] = []
    for (place, one) in nodes.enumerated() {
      let shared = zip(current, one.groups).prefix { $0 == $1 }.count
      while current.count > shared {
        close(current.count)
        current.removeLast()
      }
      for group in one.groups[shared...] {
        current.append(group)
        open(group, current.count)
      }
      node(place, one, current.count + 1)
    }
    while !current.isEmpty {
      close(current.count)
      current.removeLast()
    }
  }

  /// A quoted string of Graphviz; lines are parted by `\n`.
  private static func quoted(_ text: String) -> String {
    let escaped = text.printable(keepingLines: true).replacing("\\", with: "\\\\")
      .replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }

  /// A text between quotation marks of Mermaid.
  private static func entities(_ text: String) -> String {
    text.printable().replacing("#", with: "#35;").replacing("\"", with: "#quot;")
      .replacing("<", with: "#lt;").replacing(">", with: "#gt;")
  }
}
