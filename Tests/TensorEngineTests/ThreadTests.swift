import Glibc
import TensorEngine
import Testing

/// Workspaces with several threads: many short runs, pauses, and ends.
@Suite struct ThreadTests {
  /// A program of kernels with one, several and no chunks.
  private func program() throws -> Program<Double> {
    let graph = Graph()
    let x = graph.input("x", shape: [40_000])
    let count = graph.state("count", initial: TensorValue(repeating: 0, shape: []))
    graph.update(count, to: count + 1)
    let nothing = graph.input("nothing", shape: [0]).exp()
    let sums = (x * 2).reshaped(to: [4, 10_000]).sum(axes: [1])
    return try graph.compile(
      ["sums": sums, "total": x.sum() + count, "nothing": nothing], as: Double.self)
  }

  @Test(arguments: 1...4)
  func manyShortRuns(threads: Int) throws {
    let workspace = Workspace<Double>(threads: threads, seed: 0)
    #expect(workspace.threads == threads)
    let loaded = workspace.load(try program())
    let x = [Double](repeating: 0.5, count: 40_000)
    for step in 0..<500 {
      loaded.set("x", to: x)
      loaded.run(step: step)
      #expect(loaded["total"].scalars == [20_000 + Double(step)])
    }
    #expect(loaded["sums"].scalars == [10_000, 10_000, 10_000, 10_000])
    #expect(loaded["nothing"].scalars.isEmpty)
    #expect(workspace[state: "count"].scalars == [500])
  }

  /// Workers sleep when nothing comes for a while, wake for the next run, and end asleep or awake.
  @Test(arguments: 2...4)
  func workersSleepWakeAndEnd(threads: Int) throws {
    let program = try program()
    let x = (0..<40_000).map(Double.init)
    for round in 0..<20 {
      let workspace = Workspace<Double>(threads: threads, seed: 0)
      let loaded = workspace.load(program)
      for step in 0..<3 {
        if round % 2 == 0 { usleep(2000) }
        loaded.set("x", to: x)
        loaded.run(step: step)
        #expect(loaded["total"].scalars == [799_980_000 + Double(step)])
      }
      if round % 4 == 0 { usleep(2000) }
    }
  }

  @Test func aWorkspaceThatRunsNothingEnds() {
    for threads in 0...4 {
      let workspace = Workspace<Float>(threads: threads, seed: 0)
      #expect(workspace.threads == max(1, threads))
    }
  }

  @Test func workspacesRunSideBySide() async throws {
    let program = try program()
    let totals = await withTaskGroup(of: [Double].self) { group in
      for task in 0..<4 {
        group.addTask {
          let loaded = Workspace<Double>(threads: 2, seed: 0).load(program)
          return (0..<50).map { step in
            loaded.set("x", to: [Double](repeating: Double(task), count: 40_000))
            loaded.run(step: step)
            return loaded["total"].scalars[0] - Double(step)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(totals.map { $0[0] }) == [0, 40_000, 80_000, 120_000])
    #expect(totals.allSatisfy { Set($0).count == 1 })
  }
}
