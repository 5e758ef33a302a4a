import Experiments
import StyleTransfer
import Testing

@Suite struct ConfigurationTests {
  @Test("every key is declared once, with a default in its range")
  func declared() {
    #expect(configurationFaults(of: StyleConfiguration.self) == [])
    #expect(configurationFaults(of: DreamConfiguration.self) == [])
  }

  @Test("keys that contradict each other are refused")
  func contradictions() {
    func problems(_ change: (inout StyleConfiguration) -> Void) -> [String] {
      var configuration = StyleConfiguration()
      (configuration.content, configuration.style) = ("a.png", ["b.png"])
      change(&configuration)
      return configuration.problems.map(\.key)
    }
    #expect(problems { _ in } == [])
    #expect(problems { ($0.content, $0.style, $0.initial) = ("", [], .noise) } == ["content"])
    #expect(problems { $0.content = "" } == ["initial"])
    #expect(problems { ($0.style, $0.initial) = ([], .style) } == ["initial"])
    #expect(
      problems { ($0.content, $0.initial, $0.colours) = ("", .noise, .luminance) } == ["colours"])
    #expect(problems { $0.styleShares = [1, 2] } == ["styleShares"])
    #expect(problems { $0.styleShares = [0] } == ["styleShares"])
    #expect(problems { $0.regions.style = "c.png" } == ["regions.content"])
    #expect(problems { ($0.size, $0.scales) = (64, 4) } == ["scales"])
    #expect(
      problems { ($0.statistics, $0.regions.content, $0.regions.style) = (.patches, "c", "d") } == [
        "statistics"
      ])
    var features = FeaturesConfiguration()
    features.styleLayers = ["relu9_1"]
    #expect(features.problems.map(\.key) == ["styleLayers"])
    features.styleLayers = ["relu1_1", "relu1_1"]
    #expect(features.problems.map(\.key) == ["styleLayers"])
    (features.styleLayers, features.styleLayerShares) = (["relu1_1"], [1, 2])
    #expect(features.problems.map(\.key) == ["styleLayerShares"])
    features.styleLayerShares = [0]
    #expect(features.problems.map(\.key) == ["styleLayerShares"])
  }
}
