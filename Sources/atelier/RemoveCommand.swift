import ArgumentParser
import Experiments
import FileFormats
import Glibc

/// `atelier remove`: runs that are wanted no more.
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Move runs to the trash folder.",
    discussion: """
      Examples:
        atelier remove vae-fashion-001
        atelier remove vae-fashion-001 vae-fashion-002 --yes

      Runs go to outputs/.trash, from where they can be moved back. Delete that folder to gain space.
      """)

  @Argument(
    help: ArgumentHelp("Names or folders of runs.", valueName: "run"),
    completion: .custom(Completions.runs))
  var names: [String]

  @Flag(name: .long, help: "Do not ask.")
  var yes = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    for name in names where [".", ".."].contains(Files.name(of: name)) {
      throw ValidationError("Name the run or its folder, not '\(name)'.")
    }
  }

  func run() throws {
    let folders = try names.map { try RunFolder.find($0, in: output.out) }
    guard Set(folders).count == folders.count else {
      throw ValidationError("A run is named twice.")
    }
    guard try isConfirmed(folders) else {
      Journal().note("nothing was removed")
      return
    }
    var moved: [JSON] = []
    for folder in folders {
      let target = try folder.moveToTrash()
      moved.append(["run": .string(folder.name), "folder": .string(target)])
      if !format.json { StandardStream.output.writeLine(target.printable()) }
    }
    if format.json { format.print(.array(moved)) }
  }

  /// Asks the person at the terminal; without one only `--yes` will do.
  private func isConfirmed(_ folders: [RunFolder]) throws -> Bool {
    if yes { return true }
    guard isatty(STDIN_FILENO) == 1, StandardStream.error.terminal.isInteractive else {
      throw ValidationError("Nobody can be asked here; add --yes to remove.")
    }
    let names = folders.map { $0.name.printable() }.joined(separator: ", ")
    StandardStream.error.write("move \(names) to the trash? [y/N] ")
    guard let answer = readLine() else {
      // Without an answer the cursor still stands behind the question.
      StandardStream.error.writeLine("")
      return false
    }
    return ["y", "yes"].contains(answer.lowercased())
  }
}
