import NeuralNetworks
import Randomness
import RealModule
import TensorEngine
import Testing

@Suite struct LossTests {
  /// The loss of every pair, in the asked precision.
  private func values<Scalar: KernelScalar>(
    _ pairs: [(Double, Double)], as: Scalar.Type = Float.self, _ loss: (Tensor, Tensor) -> Tensor
  ) throws -> [Scalar] {
    let graph = Graph()
    let first = graph.constant(pairs.map(\.0), shape: [pairs.count])
    let second = graph.constant(pairs.map(\.1), shape: [pairs.count])
    return try loss(first, second).value(as: Scalar.self).scalars
  }

  /// -t log p - (1 - t) log(1 - p) with p = sigmoid(logit), where Double has digits for it; the
  /// limits where it has not.
  @Test(arguments: [-100, -20, -5, -1, 0, 0.3, 2, 20, 100], [0, 0.25, 0.5, 1])
  func sigmoidCrossEntropyEqualsItsDefinition(logit: Double, target: Double) throws {
    let logP = -Double.log(onePlus: .exp(-logit))
    let logQ = -Double.log(onePlus: .exp(logit))
    let expected = -target * logP - (1 - target) * logQ
    let loss = try values([(logit, target)]) { Losses.sigmoidCrossEntropy(logits: $0, targets: $1) }
    #expect((Double(loss[0]) - expected).magnitude <= 1e-6 * max(1e-2, expected))
  }

  @Test func squaredErrorIsTheSquareOfTheDifference() throws {
    let loss = try values([(3, 1), (-1, 1), (0.5, 0.5)]) {
      Losses.squaredError(prediction: $0, target: $1)
    }
    #expect(loss == [4, 4, 0])
  }

  private static let posteriors = [
    (mean: 0.0, logVariance: 0.0), (1, 0), (-2, 0.5), (0.3, -3), (0, 2), (1e-3, 1e-3),
  ]

  /// (variance + mean² - 1 - log variance) / 2, Kingma and Welling 2014, appendix B; 0 at N(0, 1).
  @Test func gaussianKLEqualsItsClosedForm() throws {
    let kl = try values(Self.posteriors, as: Double.self) {
      Losses.gaussianKL(mean: $0, logVariance: $1)
    }
    #expect(kl[0] == 0)
    for (kl, (mean, logVariance)) in zip(kl, Self.posteriors) {
      let expected = (.exp(logVariance) + mean * mean - 1 - logVariance) / 2
      #expect((kl - expected).magnitude <= 1e-12)
    }
  }

  /// Close to the prior the divergence is mean² / 2 + logVariance² / 4, which a difference of
  /// numbers near 1 would lose in single precision.
  @Test func gaussianKLKeepsItsDigitsNearThePrior() throws {
    let kl = try values([(1e-3, 2e-3)]) { Losses.gaussianKL(mean: $0, logVariance: $1) }
    #expect((Double(kl[0]) - 1.5e-6).magnitude < 1e-8)
  }

  /// The mean of log q(z) - log p(z) over ten million draws z of q, within five standard errors.
  @Test func gaussianKLEqualsAnEstimateByDraws() throws {
    let kl = try values(Self.posteriors, as: Double.self) {
      Losses.gaussianKL(mean: $0, logVariance: $1)
    }
    let deviations = Self.posteriors.map { Double.exp($0.1 / 2) }
    var (sums, squares) = (kl.map { _ in 0.0 }, kl.map { _ in 0.0 })
    let count = 10_000_000
    var random = RandomStream(seed: 4, name: "draws")
    for _ in 0..<count {
      let noise = random.normal()
      for (place, (mean, logVariance)) in Self.posteriors.enumerated() {
        let z = mean + deviations[place] * noise
        let ratio = (z * z - noise * noise - logVariance) / 2
        sums[place] += ratio
        squares[place] += ratio * ratio
      }
    }
    for (place, (mean, logVariance)) in Self.posteriors.enumerated() {
      let estimate = sums[place] / Double(count)
      let variance = max(0, squares[place] / Double(count) - estimate * estimate)
      let error = (variance / Double(count)).squareRoot()
      #expect((estimate - kl[place]).magnitude <= 5 * error + 1e-12, "at \(mean), \(logVariance)")
    }
  }

  // MARK: PyTorch

  @Test func equalThoseOfPyTorch() throws {
    let fixtures = try Fixtures("losses")
    let graph = Graph()
    func given(_ name: String) throws -> Tensor {
      let (shape, scalars) = try fixtures.array(name)
      return graph.constant(scalars, shape: Shape(shape))
    }
    let (prediction, target) = (try given("prediction"), try given("target"))
    let (logits, probabilities) = (try given("logits"), try given("probabilities"))
    let labels = try given("labels").index()
    let losses = [
      "sigmoidCrossEntropy": Losses.sigmoidCrossEntropy(logits: logits, targets: probabilities),
      "softmaxCrossEntropy": Losses.softmaxCrossEntropy(logits: logits, targets: probabilities),
      "softmaxCrossEntropy.smooth": Losses.softmaxCrossEntropy(
        logits: logits, targets: probabilities, smoothing: 0.1),
      "softmaxCrossEntropy.labels": Losses.softmaxCrossEntropy(logits: logits, labels: labels),
      "softmaxCrossEntropy.labels.smooth": Losses.softmaxCrossEntropy(
        logits: logits, labels: labels, smoothing: 0.1),
      "squaredError": Losses.squaredError(prediction: prediction, target: target),
      "absoluteError": Losses.absoluteError(prediction: prediction, target: target),
      "huber": Losses.huber(prediction: prediction, target: target, delta: 0.7),
      "hinge": Losses.hinge(prediction: prediction, target: try given("signs")),
      "klDivergence": Losses.klDivergence(
        logPrediction: try given("logarithms"), target: probabilities),
      "cosineDistance": Losses.cosineDistance(prediction: prediction, target: target),
      "regularizer": .stack([
        Regularizer.l1(0.1).penalty(of: prediction), Regularizer.l2(0.01).penalty(of: prediction),
      ]),
    ]
    for (name, loss) in losses {
      let (shape, expected) = try fixtures.array(name)
      let value = try loss.value
      #expect(value.shape.dimensions == shape, "\(name)")
      #expect(largestError(value.scalars, expected) < 1e-6, "\(name)")
    }
    let inputs = [
      "prediction", "target", "logits", "probabilities", "labels", "signs", "logarithms",
    ]
    #expect(Set(fixtures.names) == Set(Array(losses.keys) + inputs))
  }

  /// A class that there is not is seen in the loss.
  @Test(arguments: [-1, 3])
  func aLabelOutsideTheClassesIsNoNumber(label: Double) throws {
    let graph = Graph()
    let labels = graph.constant([1, label], shape: [2]).index()
    let logits = graph.constant([1, 2, 3, 1, 2, 3], shape: [2, 3])
    let loss = try Losses.softmaxCrossEntropy(logits: logits, labels: labels).value.scalars
    #expect(loss[0].isFinite)
    #expect(loss[1].isNaN)
  }

  @Test func penaltiesAddUpOverParameters() throws {
    let graph = Graph()
    let parameters = [[1.0, -2], [3, 0]].enumerated().map { place, values in
      (name: "\(place)", tensor: graph.constant(values, shape: [2]))
    }
    let penalty = graph.penalty(.l1l2(l1: 0.5, l2: 0.25), on: parameters)
    #expect(try penalty.value.scalars == [0.5 * 6 + 0.25 * 14])
    #expect(try graph.penalty(.l1(1), on: []).value.scalars == [0])
  }
}
