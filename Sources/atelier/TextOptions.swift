import ArgumentParser
import Experiments

/// How text is written.
struct TextOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("What the text begins with.", valueName: "text"))
  var prompt: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Below 1 likely characters become likelier, above 1 unlikely ones; 1 unless given.",
      valueName: "t"))
  var temperature: Double?

  @Option(
    name: .long,
    help: ArgumentHelp("Draw from the n likeliest characters only.", valueName: "n"))
  var topK: Int?

  @Flag(name: .long, help: "Always write the likeliest character.")
  var greedy = false

  func validate() throws {
    if let temperature, !(0.01...100).contains(temperature) {
      throw ValidationError("--temperature \(temperature) is not in 0.01...100.")
    }
    if let topK { try requireCount(topK, named: "--top-k", in: 1...1_000_000) }
    if greedy, temperature != nil || topK != nil {
      throw ValidationError("--greedy leaves nothing to --temperature and --top-k.")
    }
    if let prompt, prompt.unicodeScalars.count > 1_000_000 {
      throw ValidationError("--prompt has more than 1000000 characters.")
    }
  }

  /// The first option that is given.
  var given: String? {
    if prompt != nil { return "--prompt" }
    if temperature != nil { return "--temperature" }
    if topK != nil { return "--top-k" }
    return greedy ? "--greedy" : nil
  }

  /// What is asked for.
  func request(count: Int, seed: UInt64) -> TextRequest {
    TextRequest(
      prompt: prompt ?? "", count: count,
      choice: greedy ? .greedy : .random(temperature: temperature ?? 1, top: topK), seed: seed)
  }
}
