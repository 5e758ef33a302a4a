import Experiments
import FeatureNetworks
import NeuralNetworks
import Randomness
import TensorEngine

/// The programs of a small feature network that learns from a large one. States are named "teacher..."
/// for the large network, "student..." and "heads..." for what is trained.
struct DistillationPrograms {
  let configuration: DistillationConfiguration
  let teacher: any FeatureNetwork
  let student: SmallVGG
  /// What each head sees of the student and is to say of the teacher.
  let lessons: [Lesson]
  /// 1x1 convolutions from the student's features to the teacher's.
  let heads: [Conv2D]

  /// A layer of the teacher, and where the student learns it.
  struct Lesson {
    let teacher: FeatureLayer
    let student: FeatureLayer
    /// Places of the student that are one place of the teacher, along each axis.
    var pooling: Int { teacher.stride / student.stride }
  }

  /// Added to the variance of each channel, over the mean of all: channels that hardly ever differ
  /// shall not count as much as others.
  private static let leastVariance = 0.1
  /// The deviation of the heads' first weights: they begin by saying next to nothing, as large ones
  /// would send gradients back that put many of the student's ReLUs out for good.
  private static let headDeviation = 0.01
  /// The name under which the teacher is bound.
  private static let teacherName = "teacher"

  /// Draws the student's weights.
  init(
    _ configuration: DistillationConfiguration, teacher: any FeatureNetwork,
    random: inout RandomStream
  ) {
    (self.configuration, self.teacher) = (configuration, teacher)
    let student = SmallVGG(random: &random)
    let lessons = configuration.teacher.chosenLayers.map { layer in
      // The deepest that sees as finely; the first sees every pixel.
      let seen = student.featureLayers.last { $0.stride <= layer.stride }
      return Lesson(teacher: layer, student: seen ?? student.featureLayers[0])
    }
    heads = lessons.map {
      Conv2D(
        $0.student.channels, $0.teacher.channels, kernelSize: 1, .init(),
        initializer: .normal(deviation: Self.headDeviation), random: &random)
    }
    (self.student, self.lessons) = (student, lessons)
  }

  /// Whether a state comes from the teacher's file.
  static func isGiven(_ state: String) -> Bool { state.hasPrefix(teacherName + ".") }

  /// One update by bytes "crops" [N, 3, S, S]; gives "loss", and under the name of each
  /// of the teacher's layers what is explained of it.
  func trainingStep() throws -> (program: Program<Float>, layers: [ExperimentDescription.Layer]) {
    let graph = Graph()
    let batch = configuration.batchSize
    let jitter = configuration.colourJitter
    let shares = graph.randomUniform([batch, 3, 1, 1], stream: "colours")
    let crops = (crops(graph) * (1 - jitter + 2 * jitter * shares)).minimum(1)
    let bound = graph.bind(student, as: "student")
    let boundHeads = graph.bind(heads, as: "heads")
    let errors = errors(of: crops, bound, boundHeads)
    var outputs: [String: Tensor] = [:]
    var loss = graph.constant(0)
    for (lesson, error) in zip(lessons, errors) {
      let share = error.error / error.spread
      outputs[lesson.teacher.name] = 1 - share
      loss = loss + share / Double(lessons.count)
    }
    outputs["loss"] = loss
    graph.minimize(
      loss, over: bound.tensors(in: graph) + boundHeads.tensors(in: graph),
      with: configuration.optimizer)
    let layers = ExperimentDescription.layers(of: graph, student)
    return (try graph.compile(outputs), layers.filter { $0.parameters > 0 })
  }

  /// The "error" and the "spread" of every layer of the teacher for bytes "crops".
  func evaluation() throws -> Program<Float> {
    let graph = Graph()
    let errors = errors(
      of: crops(graph), graph.bind(student, as: "student"), graph.bind(heads, as: "heads"))
    var outputs: [String: Tensor] = [:]
    for (lesson, error) in zip(lessons, errors) {
      outputs["error." + lesson.teacher.name] = error.error
      outputs["spread." + lesson.teacher.name] = error.spread
    }
    return try graph.compile(outputs)
  }

  private func crops(_ graph: Graph) -> Tensor {
    let side = configuration.cropSize
    return graph.input(
      "crops", shape: [configuration.batchSize, 3, side, side], type: .byte
    ).real() / 255
  }

  /// How far the heads are from the teacher's features, and how far the means of those are: sums of
  /// squares over all channels and places. A head tells how a feature deviates from its mean over the
  /// crops, in units of its deviation there. A
  /// teacher without padding has fewer places: the last ones are left out.
  private func errors(
    of crops: Tensor, _ student: SmallVGG, _ heads: [Conv2D]
  ) -> [(error: Tensor, spread: Tensor)] {
    let taught = crops.graph.bind(teacher, as: Self.teacherName)
      .features(of: crops, at: lessons.map(\.teacher.name))
    let seen = student.features(of: crops, at: lessons.map(\.student.name))
    return lessons.indices.map { index in
      let features = taught[index].stopGradient()
      let deviations = features - features.mean(axes: [0, 2, 3], keepsAxes: true)
      let variance = deviations.square().mean(axes: [0, 2, 3], keepsAxes: true)
      let floor = variance.mean() * Self.leastVariance + 1e-12
      let target = deviations * (variance + floor).rsqrt()
      let pooling = lessons[index].pooling
      let pooled = pooling > 1 ? seen[index].averagePooled(PoolingWindow(pooling)) : seen[index]
      let said = heads[index](pooled, mode: .training)
        .sliced(axis: 2, 0..<target.shape[2]).sliced(axis: 3, 0..<target.shape[3])
      return ((said - target).square().sum(), target.square().sum() + 1e-12)
    }
  }
}
