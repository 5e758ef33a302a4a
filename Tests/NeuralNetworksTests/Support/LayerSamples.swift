import NeuralNetworks
import Randomness
import TensorEngine

/// The rows of all layers. What goes in, the parameters and the results are in
/// `Tests/Fixtures/NeuralNetworks/layers.npz`, which `scripts/fixtures/layers.py` makes.
enum LayerSamples {
  static var all: [LayerSample] {
    weighted + pooling + normalization + shaping + joining + recurrent
  }

  private static var weighted: [LayerSample] {
    var random = RandomStream(seed: 1, name: "weights")
    return [
      LayerSample("Dense", Dense(4, 3, random: &random), gives: [5, 3]),
      LayerSample(
        "Dense without bias", Dense(4, 3, usesBias: false, random: &random), gives: [2, 3, 3]),
      LayerSample(
        "Conv1D", Conv1D(4, 3, .init(3, stride: 2, padding: 1), random: &random),
        gives: [2, 3, 4]),
      LayerSample(
        "Conv1D in groups",
        Conv1D(4, 6, .init(2, dilation: 3, groups: 2), usesBias: false, random: &random),
        gives: [2, 6, 4]),
      LayerSample(
        "Conv2D", Conv2D(4, 3, kernelSize: 3, .init(padding: 1), random: &random),
        gives: [2, 3, 6, 5]),
      LayerSample(
        "Conv2D in groups",
        Conv2D(4, 6, kernelSize: 3, .init(stride: 2, groups: 2), random: &random),
        gives: [2, 6, 2, 2]),
      LayerSample(
        "Conv3D",
        Conv3D(
          2, 3, .init([2], stride: [1, 2, 1], padding: .explicit([1, 0, 1])), random: &random),
        gives: [2, 3, 5, 1, 5]),
      LayerSample(
        "Conv3D in groups",
        Conv3D(2, 4, .init([3, 2, 2], groups: 2), usesBias: false, random: &random),
        gives: [2, 4, 2, 2, 3]),
      LayerSample(
        "ConvTranspose1D",
        ConvTranspose1D(
          4, 3, .init(3, stride: 2, padding: 1), outputPadding: 1, random: &random),
        gives: [2, 3, 14]),
      LayerSample(
        "ConvTranspose2D",
        ConvTranspose2D(4, 3, kernelSize: 4, .init(stride: 2, padding: 1), random: &random),
        gives: [2, 3, 6, 4]),
      LayerSample(
        "ConvTranspose3D",
        ConvTranspose3D(
          2, 2, .init([2], stride: [2, 1, 2]), outputPadding: [1, 0, 1], random: &random),
        gives: [1, 2, 5, 3, 7]),
      LayerSample(
        "DepthwiseConv2D",
        DepthwiseConv2D(2, multiplier: 3, kernelSize: 3, .init(stride: 2), random: &random),
        gives: [2, 6, 2, 2]),
      LayerSample(
        "SeparableConv2D",
        SeparableConv2D(2, 3, multiplier: 2, kernelSize: 3, .init(padding: 1), random: &random),
        gives: [2, 3, 4, 5]),
      LayerSample(
        "LocallyConnected1D",
        LocallyConnected1D(2, 4, extent: 7, kernelSize: 3, stride: 2, random: &random),
        gives: [2, 4, 3]),
      LayerSample(
        "LocallyConnected2D",
        LocallyConnected2D(2, 3, height: 4, width: 5, kernelSize: 2, stride: 2, random: &random),
        gives: [2, 3, 2, 2]),
      LayerSample("UntiedBias", UntiedBias([2, 3, 2]), gives: [2, 2, 3, 2]),
      LayerSample(
        "SpectralNorm", SpectralNorm(Dense(4, 3, random: &random), random: &random),
        gives: [2, 3]),
    ]
  }

  private static var pooling: [LayerSample] {
    [
      LayerSample("MaxPooling1D", MaxPooling1D(3, stride: 2), gives: [2, 2, 3]),
      LayerSample("MaxPooling2D", MaxPooling2D(2), gives: [2, 2, 3, 2]),
      LayerSample(
        "MaxPooling2D that overlaps", MaxPooling2D(3, stride: 2, padding: .explicit([1])),
        gives: [2, 2, 3, 3]),
      LayerSample("MaxPooling3D", MaxPooling3D(2), gives: [1, 2, 2, 2, 2]),
      LayerSample(
        "AveragePooling1D", AveragePooling1D(3, stride: 2, padding: .explicit([1])),
        gives: [2, 2, 4]),
      LayerSample("AveragePooling2D", AveragePooling2D(2), gives: [2, 2, 3, 2]),
      LayerSample(
        "AveragePooling2D without padding's zeros",
        AveragePooling2D(3, stride: 2, padding: .explicit([1]), countsPadding: false),
        gives: [2, 2, 3, 3]),
      LayerSample("AveragePooling3D", AveragePooling3D(2, stride: 1), gives: [1, 2, 3, 4, 3]),
      LayerSample("GlobalAveragePooling", GlobalAveragePooling(), gives: [2, 2]),
      LayerSample("GlobalMaxPooling", GlobalMaxPooling(), gives: [1, 2]),
      LayerSample("MaxUnpooling2D", MaxUnpooling2D(2), gives: [2, 2, 6, 5]) { layer, x, _ in
        layer(x[0], indices: x[1], extents: [6, 5])
      },
      LayerSample("Upsample", Upsample(2), gives: [2, 2, 4, 6]),
      LayerSample(
        "Upsample bilinear", Upsample(3, .bilinear(alignsCorners: false)), gives: [2, 2, 6, 9]),
      LayerSample("ReflectionPad2D", ReflectionPad2D(2), gives: [2, 2, 7, 8]),
      LayerSample("ZeroPadding", ZeroPadding([1, 2], after: [0, 3]), gives: [2, 2, 4, 7]),
      LayerSample("ZeroPadding of lines", ZeroPadding([2]), gives: [2, 2, 7]),
    ]
  }

  private static var normalization: [LayerSample] {
    [
      LayerSample("BatchNorm", BatchNorm(3), gives: [4, 3, 2, 3], changesInTraining: true),
      LayerSample(
        "BatchNorm of features", BatchNorm(3), gives: [6, 3], changesInTraining: true),
      LayerSample("InstanceNorm", InstanceNorm(3), gives: [2, 3, 3, 4]),
      LayerSample(
        "InstanceNorm without parameters", InstanceNorm(3, isAffine: false), gives: [2, 3, 7]),
      LayerSample("LayerNorm", LayerNorm([5]), gives: [2, 3, 5]),
      LayerSample(
        "LayerNorm without parameters", LayerNorm([3, 4], isAffine: false), gives: [2, 3, 4]),
      LayerSample("GroupNorm", GroupNorm(2, channels: 4), gives: [2, 4, 3, 2]),
      LayerSample(
        "GroupNorm without parameters", GroupNorm(3, channels: 6, isAffine: false),
        gives: [3, 6]),
    ]
  }

  private static var shaping: [LayerSample] {
    [
      LayerSample("Dropout", Dropout(0.5), gives: [5, 6], changesInTraining: true),
      LayerSample(
        "SpatialDropout", SpatialDropout(0.5), gives: [6, 5, 2, 2], changesInTraining: true),
      LayerSample("Flatten", Flatten(), gives: [2, 24]),
      LayerSample("Reshape", Reshape([2, 3]), gives: [4, 2, 3]),
      LayerSample("Permute", Permute([3, 1, 2]), gives: [2, 2, 3, 4]),
      LayerSample("Lambda", Lambda("square") { $0.square() }, gives: [3, 4]),
      LayerSample("PReLU", PReLU(), gives: [3, 4]),
      LayerSample("PReLU of channels", PReLU(3), gives: [2, 3, 2, 2]),
    ]
      + Activation.allCases.map { LayerSample("Activation.\($0.rawValue)", $0, gives: [4, 6]) }
  }

  private static var joining: [LayerSample] {
    var random = RandomStream(seed: 1, name: "weights")
    func convolution(
      _ inputs: Int, _ outputs: Int, _ side: Int, _ random: inout RandomStream
    ) -> AnyLayer {
      AnyLayer(
        Conv2D(inputs, outputs, kernelSize: side, .init(padding: side / 2), random: &random))
    }
    return [
      LayerSample(
        "Sequential",
        Sequential(Dense(4, 3, random: &random), Activation.tanh, Dense(3, 2, random: &random)),
        gives: [3, 2]),
      LayerSample("AnyLayer", AnyLayer(Dense(4, 3, random: &random)), gives: [2, 3]),
      LayerSample(
        "Add", Add(Dense(4, 3, random: &random), Dense(4, 3, random: &random)), gives: [2, 3]),
      LayerSample(
        "Concatenate",
        Concatenate(
          Conv2D(2, 1, kernelSize: 1, random: &random),
          Conv2D(2, 3, kernelSize: 3, .init(padding: 1), random: &random)),
        gives: [2, 4, 3, 3]),
      LayerSample("Residual", Residual(Dense(4, 4, random: &random)), gives: [2, 4]),
      LayerSample(
        "Residual with a shortcut",
        Residual(
          Conv2D(2, 3, kernelSize: 3, .init(stride: 2, padding: 1), random: &random),
          shortcut: Conv2D(2, 3, kernelSize: 1, .init(stride: 2), random: &random)),
        gives: [2, 3, 2, 2]),
      LayerSample(
        "ResidualBlock of half the size",
        ResidualBlock(
          2, 3, .halve, usesNorms: false, random: &random, convolution: convolution),
        gives: [2, 3, 2, 2]),
      LayerSample(
        "ResidualBlock of twice the size",
        ResidualBlock(
          3, 2, .double, usesNorms: true, random: &random, convolution: convolution),
        gives: [2, 2, 6, 4], changesInTraining: true),
      LayerSample(
        "InceptionBlock",
        InceptionBlock(2, one: 2, three: (1, 2), five: (1, 1), pool: 2, random: &random),
        gives: [1, 7, 4, 5]),
      LayerSample(
        "MultiHeadAttention", MultiHeadAttention(6, heads: 2, random: &random), gives: [2, 4, 6]),
      LayerSample(
        "MultiHeadAttention that looks back",
        MultiHeadAttention(4, heads: 2, isCausal: true, random: &random), gives: [2, 3, 4]),
      LayerSample(
        "MultiHeadAttention elsewhere", MultiHeadAttention(4, heads: 1, random: &random),
        gives: [2, 3, 4]
      ) { $0(queries: $1[0], keys: $1[1], values: $1[1], mode: $2) },
      LayerSample(
        "CapsuleLayer", CapsuleLayer(4, 3, size: (5, 2), random: &random), gives: [2, 3, 2]),
    ]
  }

  private static var recurrent: [LayerSample] {
    var random = RandomStream(seed: 1, name: "weights")
    let all = RecurrentOptions(returnsSequences: true)
    return [
      LayerSample("SimpleRNN", SimpleRNN(4, 3, all, random: &random), gives: [2, 3, 3]),
      LayerSample("GRU", GRU(4, 3, all, random: &random), gives: [2, 3, 3]),
      LayerSample("LSTM", LSTM(4, 3, all, random: &random), gives: [2, 3, 3]),
      LayerSample(
        "LSTM at the last step", LSTM(4, 3, usesBias: false, random: &random), gives: [2, 3]),
      LayerSample(
        "Bidirectional", Bidirectional<GRUCell>(4, 3, all, random: &random), gives: [2, 3, 6]),
      LayerSample(
        "Bidirectional at the last step", Bidirectional<LSTMCell>(4, 2, random: &random),
        gives: [2, 4]),
      LayerSample("Embedding", Embedding(5, 3, random: &random), gives: [2, 3, 3]),
      LayerSample(
        "TimeDistributed", TimeDistributed(Dense(4, 3, random: &random)), gives: [2, 3, 3]),
    ]
  }
}
