import FileFormats
import Testing

/// `play` of a trained run and `ablate`, as a person would use them.
@Suite struct AgentCommandTests {
  private let folder = TemporaryFolder()

  /// An agent of numbered states that learns in a moment.
  private func experiment() throws -> String {
    try folder.write(
      """
      module: dqn
      environment: CliffWalking-v1
      epochSteps: 400
      learningStarts: 100
      trainEvery: 4
      batchSize: 8
      network:
        hidden: [8]
      evaluation:
        episodes: 2
        stepLimit: 30
      train:
        epochs: 1
        logEvery: 50

      """, to: "small.yaml")
  }

  private func atelier(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(arguments + ["--out", folder.path + "/out", "--threads", "1"])
  }

  @Test func aTrainedAgentPlays() throws {
    let trained = try atelier("run", experiment(), "--quiet")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(Files.kind(of: folder.path + "/out/small-001/images/episode.gif") != nil)
    let arguments = ["play", "small-001", "--episodes", "3", "--steps", "20", "--json"]
    func play(_ more: String...) throws -> Program.Outcome {
      try Program.run(
        arguments + more + ["--out", folder.path + "/out", "--threads", "1"])
    }
    let greedy = try play()
    #expect(greedy.status == 0, "\(greedy.errors)")
    #expect(greedy.output.split(separator: "\n").count == 3)
    #expect(try play().output == greedy.output)
    #expect(try play("--policy", "epsilon=0").output == greedy.output)
    // One after the other, as a recording needs them.
    #expect(try play("--record", folder.path + "/cliff.gif").output == greedy.output)
    let random = try play("--policy", "random")
    #expect(random.output != greedy.output)
    #expect(try play("--policy", "epsilon=1").output == random.output)
    let wrong = try play("--policy", "epsilon=2")
    #expect(wrong.status == 64 && wrong.errors.contains("epsilon=2"))
    let misplaced = try atelier("play", "small-001", "slippery=true")
    #expect(misplaced.status == 64 && misplaced.errors.contains("slippery=true"))
  }

  @Test(arguments: [("cartpole-v1", 66, "CartPole-v1"), ("nothing-there", 66, "nothing-there")])
  func unknownPlayersAreRefused(name: String, status: Int, named: String) throws {
    let outcome = try atelier("play", name)
    #expect(outcome.status == Int32(status))
    #expect(outcome.errors.contains(named))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func partsAreTakenOutAndPutIn() throws {
    let file = try experiment()
    let planned = try atelier("ablate", file, "--seeds", "1..2", "--dry-run", "--json")
    #expect(planned.status == 0, "\(planned.errors)")
    let plan = try JSON.decode(Array(planned.output.utf8), path: "standard output")
    let names = plan["variants"]?.elements?.compactMap { $0["name"]?.stringValue } ?? []
    #expect(names.first == "as it is")
    #expect(names.contains("with double") && names.contains("with priorities"))
    #expect(Files.kind(of: folder.path + "/out") == nil)

    let outcome = try atelier("ablate", file, "train.stepLimit=60", "--seeds", "1..2", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let results = try JSON.decode(Array(outcome.output.utf8), path: "standard output")
    let variants = results["variants"]?.elements ?? []
    #expect(variants.count == names.count)
    for variant in variants {
      #expect(variant["finished"]?.integerValue == 2)
      #expect(variant["final"]?["interquartileMean"]?.doubleValue != nil)
    }
    let name = try #require(results["ablation"]?.stringValue)
    #expect(Files.kind(of: "\(folder.path)/out/\(name)/ablation.png") != nil)

  }
}
