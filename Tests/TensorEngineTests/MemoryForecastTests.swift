import TensorEngine
import Testing

@Suite struct MemoryForecastTests {
  /// The product of an input [rows, 320] with the state "w", and as many states more.
  func program(rows: Int, states: Int = 1) throws -> Program<Float> {
    let graph = Graph()
    var y = graph.input("x", shape: [rows, 320])
    for index in 0..<states {
      y = y.matmul(graph.state("w\(index)", initial: TensorValue(repeating: 0, shape: [320, 320])))
    }
    return try graph.compile(["y": y])
  }

  @Test func countsEachStateOnce() throws {
    let programs = [try program(rows: 2), try program(rows: 4, states: 3)]
    let one = MemoryForecast([programs[0]], threads: 1)
    let both = MemoryForecast(programs, threads: 1)
    #expect(one.states == 320 * 320 * 4)
    #expect(both.states == 3 * 320 * 320 * 4)
    // A rule gives the first values.
    #expect(both.initialValues == 0)
  }

  @Test func countsFirstValuesThatAreHeld() throws {
    let graph = Graph()
    let value = TensorValue<Float>(shape: [64], scalars: [Float](repeating: 1, count: 64))
    let program: Program<Float> = try graph.compile(["y": 2 * graph.state("w", initial: value)])
    #expect(MemoryForecast([program], threads: 1).initialValues == 64 * 4)
  }

  @Test func programsShareTheArena() throws {
    let (small, large) = (try program(rows: 2), try program(rows: 64))
    let both = MemoryForecast([small, large], threads: 1)
    #expect(both.arena == MemoryForecast([large], threads: 1).arena)
    #expect(both.arena >= large.arenaBytes)
    #expect(both.packedOperands >= small.keptBytes + large.keptBytes)
  }

  @Test func eachThreadHasItsScratch() throws {
    let graph = Graph()
    let program: Program<Float> = try graph.compile([
      "sorted": graph.input("x", shape: [8, 1000]).sorted()
    ])
    let forecasts = [1, 3].map { MemoryForecast([program], threads: $0) }
    #expect(forecasts[0].threadScratch > 0)
    #expect(forecasts[1].threadScratch == 3 * forecasts[0].threadScratch)
    #expect(
      forecasts[1].total - forecasts[0].total
        == forecasts[1].threadScratch - forecasts[0].threadScratch)
  }
}
