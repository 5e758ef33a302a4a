import DeepQLearning
import Experiments
import Testing

struct ConfigurationTests {
  @Test func configurationsAreDeclaredWell() {
    #expect(configurationFaults(of: DQNConfiguration.self) == [])
    #expect(configurationFaults(of: TabularConfiguration.self) == [])
  }
}
