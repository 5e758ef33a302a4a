import Experiments
import Randomness
import RealModule

extension TextRequest.Choice {
  /// The place of a character, chosen by the logits of all. Of equal ones the first is the likelier.
  func place(in logits: [Float], random: inout RandomStream) -> Int {
    let order = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
    guard case .random(let temperature, let top) = self else { return order[0] }
    let places = order.prefix(top ?? order.count)
    let largest = Double(logits[order[0]])
    let weights = places.map { Double.exp((Double(logits[$0]) - largest) / temperature) }
    var rest = random.uniformDouble() * weights.reduce(0, +)
    for (place, weight) in zip(places, weights) {
      rest -= weight
      if rest < 0 { return place }
    }
    return order[0]
  }
}
