import Experiments

/// What can be configured of a picture that is optimised.
public struct StyleConfiguration: ExperimentConfiguration {
  /// The picture whose content is kept; empty for none.
  public var content = ""
  /// The pictures whose style is taken.
  public var style: [String] = []
  /// The share of each style; empty for equal shares.
  public var styleShares: [Double] = []
  /// The longer side of the result.
  public var size = 512
  /// The longer side of the styles, over that of the result.
  public var styleScale = 1.0
  /// What the picture looks like at first.
  public var initial = Initial.content
  /// Sizes that the picture is optimised at, each half of the next.
  public var scales = 1
  /// Steps at each of the smaller sizes.
  public var scaleSteps = 100
  /// Steps of one epoch.
  public var epochSteps = 50
  /// Height and width of what is looked at at a time; 0 for the whole picture.
  public var tile = 0
  /// How the pictures are looked at.
  public var features = FeaturesConfiguration()
  /// What is kept of a style's features.
  public var statistics = StyleStatisticsKind.gram
  /// The weight of the content's features.
  public var contentWeight = 1.0
  /// The weight of the style's statistics.
  public var styleWeight = 10.0
  /// The weight of differences between neighbours.
  public var variationWeight = 0.0
  /// Whose colours the result has.
  public var colours = Colours.style
  /// Which regions of the content take which regions of the style.
  public var regions = RegionsConfiguration()
  /// How the picture is changed.
  public var optimizer = PictureOptimizerConfiguration()

  /// The defaults.
  public init() {}

  /// What a picture looks like at first.
  public enum Initial: String, CaseIterable, Sendable {
    /// Like the content.
    case content
    /// Like nothing.
    case noise
    /// Like the first style.
    case style
  }

  /// Whose colours the result has.
  public enum Colours: String, CaseIterable, Sendable {
    /// The style's.
    case style
    /// The content's; the style gives the brightness alone.
    case luminance
    /// The content's, which the style is brought to beforehand.
    case histogram
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .text("content", \.content, "The PNG or JPEG file whose content is kept; empty for none."),
      .texts(
        "style", \.style, count: 0...8, "The PNG or JPEG files whose styles are taken together."),
      .numbers(
        "styleShares", \.styleShares, in: 0...1000, count: 0...8,
        "The share of each style; none for equal shares."),
      .integer(
        "size", \.size, in: 16...8192, unit: "pixels", "The longer side of the result."),
      .number(
        "styleScale", \.styleScale, in: 0.05...20,
        "The longer side of the styles over that of the result: less for finer strokes."),
      .choice("initial", \.initial, "What the picture looks like at first."),
      .integer(
        "scales", \.scales, in: 1...6,
        "Sizes that the picture is optimised at, each half of the next."),
      .integer(
        "scaleSteps", \.scaleSteps, in: 1...1_000_000, unit: "steps",
        "Steps at each of the smaller sizes."),
      .integer(
        "epochSteps", \.epochSteps, in: 1...1_000_000, unit: "steps", "Steps of one epoch."),
      .integer(
        "tile", \.tile, in: 0...8192, unit: "pixels",
        "Height and width of what is looked at at a time, for pictures that do not fit in memory; 0 "
          + "for the whole."),
      .group("features", \.features, "How the pictures are looked at."),
      .choice("statistics", \.statistics, "What is kept of a style's features."),
      .number(
        "contentWeight", \.contentWeight, in: 0...1e12, "The weight of the content's features."),
      .number(
        "styleWeight", \.styleWeight, in: 0...1e12, "The weight of the style's statistics."),
      .number(
        "variationWeight", \.variationWeight, in: 0...1e12,
        "The weight of the squared differences between neighbours."),
      .choice("colours", \.colours, "Whose colours the result has."),
      .group(
        "regions", \.regions, "Which regions of the content take which regions of the style."),
      .group("optimizer", \.optimizer, "How the picture is changed."),
    ]
  }

  /// What the keys together must hold.
  public var problems: [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    if content.isEmpty, style.isEmpty {
      problems.append(.init("content", "there is neither a content nor a style"))
    }
    if content.isEmpty, initial == .content {
      problems.append(.init("initial", "there is no content to begin with"))
    }
    if style.isEmpty, initial == .style {
      problems.append(.init("initial", "there is no style to begin with"))
    }
    if content.isEmpty, colours != .style {
      problems.append(.init("colours", "there is no content whose colours to keep"))
    }
    if !styleShares.isEmpty {
      if styleShares.count != style.count {
        problems.append(
          .init(
            "styleShares", "has \(styleShares.count) shares for \(style.count) styles"))
      } else if styleShares.reduce(0, +) <= 0 {
        problems.append(.init("styleShares", "all shares are 0"))
      }
    }
    if regions.isUsed {
      if content.isEmpty || style.count != 1 {
        problems.append(
          .init("regions.content", "regions need a content and one style"))
      } else if regions.content.isEmpty != regions.style.isEmpty {
        problems.append(
          .init("regions.content", "one of the two pictures of regions is missing"))
      }
    }
    if regions.isUsed, !statistics.allowsRegions {
      problems.append(.init("statistics", "\(statistics.rawValue) has no regions"))
    }
    if tile > 0, statistics != .gram || regions.isUsed || features.isSmoothed {
      problems.append(
        .init("tile", "needs the statistics gram, without regions and smoothing"))
    }
    if size >> (scales - 1) < 16 {
      problems.append(
        .init("scales", "the smallest size would be \(size >> (scales - 1)) pixels, not 16"))
    }
    return problems
  }

  /// The share of each style, which add up to 1.
  var shares: [Double] {
    let given = styleShares.isEmpty ? style.map { _ in 1 } : styleShares
    let sum = given.reduce(0, +)
    return given.map { $0 / sum }
  }
}

/// Pictures whose colours stand for regions.
public struct RegionsConfiguration: ExperimentConfiguration {
  /// Where the regions of the content are.
  public var content = ""
  /// Where the regions of the style are.
  public var style = ""

  /// No regions.
  public init() {}

  /// Whether there are regions.
  var isUsed: Bool { !content.isEmpty || !style.isEmpty }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .text(
        "content", \.content,
        "A picture over the content: each of its colours is a region; empty for none."),
      .text(
        "style", \.style,
        "A picture over the style with the same colours: where each region takes its style from."),
    ]
  }
}

/// How a picture is changed.
public struct PictureOptimizerConfiguration: ExperimentConfiguration {
  /// The rule.
  public var rule = Rule.adam
  /// Step size, of a brightness between 0 and 1.
  public var learningRate = 0.02
  /// Steps that L-BFGS remembers.
  public var history = 100

  /// The defaults.
  public init() {}

  /// The rules.
  public enum Rule: String, CaseIterable, Sendable {
    /// Adam.
    case adam
    /// L-BFGS with a line search.
    case lbfgs
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("rule", \.rule, "Adam, or L-BFGS with a line search."),
      .number(
        "learningRate", \.learningRate, in: 1e-6...10,
        "Adam's step size, of a brightness between 0 and 1; what L-BFGS tries first."),
      .integer("history", \.history, in: 1...1000, unit: "steps", "Steps that L-BFGS remembers."),
    ]
  }
}
