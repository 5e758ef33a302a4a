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
    StandardStream.output.writeLine(Self.script(for: shell))
  }

  /// The script that ArgumentParser makes. After a key's `=` comes its value: fish adds no space
  /// then, the other two have to be told, and bash not to quote the sign as in a file's name.
  private static func script(for shell: CompletionShell) -> String {
    let script = Atelier.completionScript(for: shell)
    switch shell {
    case .bash: return script + bashKeys
    case .zsh: return script.replacing(zshDescription, with: zshKeys, maxReplacements: 1)
    default: return script
    }
  }

  private static let bashKeys = """

    _atelier_keys() {
        _atelier "${@}"
        [[ "${COMPREPLY[0]-}" = *= ]] && compopt +o filenames -o nospace
        return 0
    }

    complete -o filenames -o default -F _atelier_keys atelier
    """

  private static let zshDescription = "    _describe -V '' non_empty_completions --"

  private static let zshKeys = """
        local -a suffix
        [[ "${1}" = *= ]] && suffix=(-S '')
        _describe -V '' non_empty_completions "${suffix[@]}" --
    """
}
