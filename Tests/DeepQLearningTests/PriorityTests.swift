import DeepQLearning
import Randomness
import Testing

struct PriorityTests {
  @Test(arguments: [1, 2, 7, 64, 100])
  func sumTreesFindThePlaceInTheRunningSum(count: Int) {
    var random = RandomStream(seed: 1, name: "weights")
    var tree = SumTree(count: count)
    var weights = [Double](repeating: 0, count: count)
    for _ in 0..<200 {
      let place = random.integer(below: count)
      weights[place] = Double(random.integer(below: 4))
      tree[place] = weights[place]
    }
    weights[0] = 2
    tree[0] = 2
    #expect(tree.total == weights.reduce(0, +))
    #expect(tree.weights == weights)
    for _ in 0..<200 {
      let sum = random.uniformDouble() * tree.total
      var (place, running) = (0, weights[0])
      while running <= sum {
        place += 1
        running += weights[place]
      }
      #expect(tree.place(at: sum) == place)
    }
  }

  @Test func treesMadeOfTheirWeightsAreTheSame() {
    var random = RandomStream(seed: 2, name: "weights")
    var tree = SumTree(count: 50)
    for _ in 0..<300 { tree[random.integer(below: 50)] = random.uniformDouble() }
    var other = SumTree(count: 50)
    other.weights = tree.weights
    #expect(other.total == tree.total)
    #expect((0..<50).allSatisfy { other[$0] == tree[$0] })
  }

  @Test func newStepsAreDrawnLikeTheMostSurprisingOnes() {
    var priorities = Priorities(placeCount: 4, exponent: 0.5)
    priorities.add(0)
    priorities.update([0], errors: [-16])
    priorities.add(1)
    #expect(priorities.tree[0] == priorities.tree[1])
    #expect(abs(priorities.tree[0] - 4) < 1e-6)
    priorities.remove(1)
    #expect(priorities.tree[1] == 0)
  }

  @Test func fullyCorrectedWeightsMakeDrawsEven() {
    var priorities = Priorities(placeCount: 3, exponent: 1)
    for place in 0..<3 { priorities.add(place) }
    priorities.update([0, 1, 2], errors: [1, 2, 4])
    var weights = [Float](repeating: 0, count: 3)
    priorities.weights(of: [0, 1, 2], among: 3, correction: 1, into: &weights)
    for place in 0..<3 {
      #expect(abs(Double(weights[place]) * priorities.tree[place] - 1) < 1e-4)
    }
    priorities.weights(of: [2, 1, 0], among: 3, correction: 0, into: &weights)
    #expect(weights == [1, 1, 1])
  }
}
