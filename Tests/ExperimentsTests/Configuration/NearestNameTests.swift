import Experiments
import Testing

@Suite("Nearest name")
struct NearestNameTests {
  private let names = [
    "learningRate", "latentSize", "vae-fashion", "vae-fashion-20", "beta1", "Adam",
  ]

  @Test(
    "finds what was meant",
    arguments: [
      ("learningRat", "learningRate"), ("learnignRate", "learningRate"),
      ("learning_rate", "learningRate"), ("LATENTSIZE", "latentSize"),
      ("vae_fashion", "vae-fashion"),
      ("vae-fashion20", "vae-fashion-20"), ("vae-f", "vae-fashion"), ("beat1", "beta1"),
      ("adma", "Adam"),
    ])
  func finds(name: String, expected: String) {
    #expect(nearest(to: name, in: names) == expected)
  }

  @Test("suggests nothing that is far", arguments: ["", "x", "colour", "momentum", "va"])
  func silent(name: String) {
    #expect(nearest(to: name, in: names) == nil)
  }

  @Test("takes the first of equally near names")
  func ties() {
    #expect(nearest(to: "beta", in: ["beta2", "beta1"]) == "beta2")
    #expect(nearest(to: "beta", in: []) == nil)
  }
}
