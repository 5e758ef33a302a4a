import ArgumentParser

/// `atelier data`: the data sets that experiments can name.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List or verify the data sets.")
}
