import ArgumentParser

/// The command itself.
struct Atelier: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "atelier",
    abstract: "A studio for generative models: train, resume, look, sample.",
    discussion: """
      A first session:
        atelier list                             the named experiments
        atelier describe vae-fashion             what one is made of
        atelier run vae-fashion                  train it
        atelier run vae-fashion train.epochs=5   with a changed configuration
        atelier runs                             what was trained so far
        atelier watch vae-fashion-001            the curves of a run at work
        atelier compare vae-fashion-001 vae-fashion-002
        atelier resume                           carry on what was stopped
        atelier sweep vae-fashion latentSize=2,10 seed=0..4
        atelier sample vae-fashion-001           new images from a trained run
        atelier latent grid vae-fashion-001      the map of its latent space
        atelier visualize classify-fashion-001 cam     where a classifier sees a class
        atelier stylize --content photo.jpg --style painting.jpg

      Results go to standard output, talk to standard error. Nothing is sent anywhere.
      """,
    version: Registry.version,
    subcommands: [
      ListCommand.self, DescribeCommand.self, ConfigCommand.self, RunCommand.self,
      ResumeCommand.self, SweepCommand.self, AblateCommand.self, CellCommand.self,
      LearningRateRangeCommand.self,
      RunsCommand.self, ShowCommand.self, CompareCommand.self, WatchCommand.self,
      ReportCommand.self, ExportCommand.self, VerifyCommand.self, RemoveCommand.self,
      SampleCommand.self,
      LatentCommand.self, VisualizeCommand.self, StylizeCommand.self, DataCommand.self,
      WeightsCommand.self,
      PlayCommand.self,
      EvaluateCommand.self, EnvironmentCommand.self, OpsCommand.self,
      GradcheckCommand.self,
      OpEvalCommand.self, BenchCommand.self, DoctorCommand.self, CompletionsCommand.self,
      ManualCommand.self,
    ])
}
