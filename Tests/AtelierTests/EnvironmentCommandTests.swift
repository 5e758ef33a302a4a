import FileFormats
import Testing

/// `env` and `play`, as a person or a script would use them.
@Suite struct EnvironmentCommandTests {
  @Test func aRolloutIsTheOriginals() throws {
    let outcome = try Program.run([
      "env", "rollout", "CartPole-v1", "--seed", "42", "--steps", "1", "--json",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    // What Gymnasium 1.4 gives for `reset(seed=42)`.
    let expected =
      "[0.02739560417830944,-0.006112155970185995,0.03585979342460632,0.019736802205443382]"
    #expect(outcome.output.split(separator: "\n").count == 2)
    #expect(outcome.output.contains(expected))
  }

  @Test(
    arguments: [
      (["CartPole-v9"], 66, "CartPole-v"), (["CartPole-v1", "gravity=2"], 78, "gravity"),
      (["FrozenLake-v1", "map=5x5"], 78, "4x4"),
      (["CartPole-v1", "--state", "spin=1"], 65, "spin"),
      (["CartPole-v1", "--state", "angle"], 64, "angle"),
      (["CartPole-v1", "--reset", "low=1,high=0"], 78, "low"),
      (["CartPole-v1", "--actions", "/nowhere/actions"], 66, "/nowhere/actions"),
    ] as [([String], Int32, String)])
  func wrongRolloutsAreRefused(arguments: [String], status: Int32, named: String) throws {
    let outcome = try Program.run(["env", "rollout"] + arguments)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(named))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test(arguments: ["", "0\n2\n", "0\nleft\n", "[0]\n"])
  func wrongActionsAreRefused(actions: String) throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/actions"
    try DurableFile.write(Array(actions.utf8), to: path)
    let outcome = try Program.run(["env", "rollout", "CartPole-v1", "--actions", path])
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("actions"))
  }

  @Test func episodesAreRecordedAndRepeatable() throws {
    let folder = TemporaryFolder()
    let files = try (0..<2).map { number in
      let path = "\(folder.path)/\(number).gif"
      let outcome = try Program.run([
        "play", "FrozenLake-v1", "--episodes", "2", "--record", path, "--json",
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.split(separator: "\n").count == 2)
      return try Files.read(path)
    }
    #expect(files[0] == files[1])
    #expect(files[0].starts(with: Array("GIF89a".utf8)))
  }
}
