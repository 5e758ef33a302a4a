import Environments
import Experiments
import FileFormats
import NeuralNetworks
import TensorEngine

/// The exit codes of the program, after sysexits.h where it has one. A usage error is 64, by
/// ArgumentParser.
enum ExitStatus: Int32 {
  /// Data, or files of a run, are damaged or not supported (EX_DATAERR).
  case badData = 65
  /// No file, experiment or run of that name (EX_NOINPUT).
  case notFound = 66
  /// A fault of the program (EX_SOFTWARE).
  case fault = 70
  /// A file or folder cannot be created (EX_CANTCREAT).
  case cannotCreate = 73
  /// Reading or writing failed (EX_IOERR).
  case inputOutput = 74
  /// Another process owns the run; trying again later helps (EX_TEMPFAIL).
  case busy = 75
  /// A measure became infinite or not a number.
  case diverged = 76
  /// The configuration is wrong (EX_CONFIG).
  case configuration = 78

  /// The status for an error of ours, or nil.
  init?(_ error: any Error) {
    switch error {
    case let error as FileError: self = Self.status(of: error.problem)
    case let error as RunError: self = Self.status(of: error.kind)
    case is ConfigurationError, is ShapeError: self = .configuration
    case let error as EnvironmentError:
      self = [.invalidOption, .notBuilt].contains(error.problem) ? .configuration : .badData
    case is WeightError: self = .badData
    default: return nil
    }
  }

  private static func status(of problem: FileProblem) -> ExitStatus {
    switch problem {
    case .notFound: .notFound
    case .damaged, .unsupported, .tooLarge: .badData
    case .cannotCreate: .cannotCreate
    case .inputOutput: .inputOutput
    case .busy: .busy
    }
  }

  private static func status(of kind: RunError.Kind) -> ExitStatus {
    switch kind {
    case .notFound: .notFound
    case .damaged: .badData
    case .changedConfiguration, .unsuitable: .configuration
    case .diverged: .diverged
    }
  }
}
