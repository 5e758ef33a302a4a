import ArgumentParser
import Experiments

/// `atelier completions`: what a shell needs to complete commands, options, experiments, runs and
/// keys.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print the completion script of a shell.",
    discussion: """
      Examples:
        atelier completions bash > ~/.local/share/bash-completion/completions/atelier
        atelier completions zsh > ~/.zfunc/_atelier       with fpath+=~/.zfunc before compinit
        atelier completions fish > ~/.config/fish/completions/atelier.fish

      Names of experiments, runs and keys are looked up when they are asked for.
      """)

  /// A shell that has a script.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash
    case zsh
    case fish
  }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() {
    let shell: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    StandardStream.output.writeLine(Atelier.completionScript(for: shell))
  }
}
