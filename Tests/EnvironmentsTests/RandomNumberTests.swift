import Environments
import Testing

/// The expected values are what NumPy 2.4 printed for the same seeds.
struct RandomNumberTests {
  @Test(
    arguments: [
      (0, [11_749_869_230_777_074_271, 4_976_686_463_289_251_617]),
      (42, [14_276_969_152_011_380_360, 8_095_878_257_575_067_585]),
      (12_345_678_901_234, [7_496_343_037_614_434_180, 483_370_428_031_952_295]),
    ] as [(UInt64, [UInt64])])
  func wordsOfPCG64(seed: UInt64, words: [UInt64]) {
    var random = PCG64(seed: seed)
    #expect(words == [random.next(), random.next()])
  }

  @Test(
    arguments: [
      (0, 0.04097352393619469, [0, 0, 175267], 2.5637778863886087),
      (42, 0.8585979199113825, [0, 4, 201469], 2.8781117581837794),
      (12_345_678_901_234, 0.6206087999332897, [1, 0, 213439], 1.2359234762352518),
    ] as [(UInt64, Double, [Int], Double)])
  func distributionsOfPCG64(seed: UInt64, uniform: Double, integers: [Int], inBounds: Double) {
    var random = PCG64(seed: seed)
    _ = (random.next(), random.next())
    #expect(random.uniform() == uniform)
    #expect(integers == [7, 7, 1_000_000].map { random.integer(below: $0) })
    #expect(random.uniform(-2, 3) == inBounds)
  }

  @Test(
    arguments: [
      (0, 0.5488135039273248, [5, 0, 1], 0.5448831829968969),
      (42, 0.3745401188473625, [7, 0, 1], 0.44583275285359114),
      (4_294_967_295, 0.0976320289940138, [7, 0, 1], 0.7706147359158074),
    ] as [(UInt32, Double, [Int], Double)])
  func distributionsOfMT19937(seed: UInt32, uniform: Double, integers: [Int], last: Double) {
    var random = MersenneTwister(seed: seed)
    #expect(random.uniform() == uniform)
    #expect(random.integer(below: 10) == integers[0])
    #expect(random.integer(below: 3) == integers[1])
    #expect(random.choice(of: [1.0 / 3, 1.0 / 3, 1.0 / 3]) == integers[2])
    #expect(random.uniform() == last)
  }
}
