/// How programs name the parameters of a network in their files.
struct ParameterNames: Sendable {
  /// A name of ours, as files have it.
  let inFile: @Sendable (String) -> String

  /// The same names as ours.
  static let same = ParameterNames { $0 }

  /// What training programs put in front of every name: the wrappers of several processors, and the
  /// key of the weights in a checkpoint.
  static let wrappers = ["module.", "model.", "state_dict."]

  /// Names that no feature network needs: classifiers, and the counts of batches that PyTorch's
  /// normalisation keeps.
  static func isPassedOver(_ name: String) -> Bool {
    name.hasSuffix(".num_batches_tracked")
      || ["classifier.", "fc.", "_fc.", "head.", "pre_logits."].contains { name.hasPrefix($0) }
  }
}

extension FeatureNetworkKind {
  /// The ways in which files name the parameters.
  var parameterNames: [ParameterNames] {
    switch self {
    case .small, .vgg16, .vgg19, .squeezeNet, .resNet18, .resNet50: [.same]
    case .efficientNetLite0: [.same, .timmEfficientNetLite]
    }
  }
}

extension ParameterNames {
  /// timm's tf_efficientnet_lite0. Its efficientnet_lite0 has the same names, but pads images evenly
  /// and takes other colours: loaded as this network it sees a little worse.
  static let timmEfficientNetLite = ParameterNames { name in
    let parts = name.split(separator: ".").map(String.init)
    if parts[0] != "_blocks" {
      return ([trunkNames[parts[0]] ?? parts[0]] + parts.dropFirst()).joined(separator: ".")
    }
    // Ours number the blocks through, timm's within their group.
    var (group, block) = (0, Int(parts[1]) ?? 0)
    while group < EfficientNetLite.groups.count, block >= EfficientNetLite.groups[group].depth {
      block -= EfficientNetLite.groups[group].depth
      group += 1
    }
    let names = group == 0 ? firstBlockNames : blockNames
    let inner = [names[parts[2]] ?? parts[2]] + parts.dropFirst(3)
    return (["blocks", "\(group)", "\(block)"] + inner).joined(separator: ".")
  }

  private static let trunkNames = [
    "_conv_stem": "conv_stem", "_bn0": "bn1", "_conv_head": "conv_head", "_bn1": "bn2",
    "_fc": "classifier",
  ]
  private static let blockNames = [
    "_expand_conv": "conv_pw", "_bn0": "bn1", "_depthwise_conv": "conv_dw", "_bn1": "bn2",
    "_project_conv": "conv_pwl", "_bn2": "bn3",
  ]
  /// Of the first block, which does not widen.
  private static let firstBlockNames = [
    "_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2",
  ]
}
