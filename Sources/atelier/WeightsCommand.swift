import ArgumentParser

/// `atelier weights`: files of networks that were trained elsewhere.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights", abstract: "Look through networks that were trained elsewhere.",
    subcommands: [WeightsFeaturesCommand.self])
}
