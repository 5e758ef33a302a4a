import Experiments
import FileFormats
import TensorEngine
import Testing

/// A run stops in the step in which its numbers stop being finite, and says what made them.
@Suite struct DivergenceTests {
  private func diverged(
    _ overrides: [String], plant: Fit.Plant? = nil
  ) throws -> (workshop: Workshop, error: RunError, divergence: Divergence) {
    let workshop = Workshop()
    let file = try workshop.file("module: fit\n")
    let error = #expect(throws: RunError.self) {
      try Fit.$plant.withValue(plant) {
        try workshop.studio.begin(
          file, overrides: overrides, in: workshop.outputs, settings: workshop.settings())
      }
    }
    let folder = try RunSummary.find("descent-001", in: workshop.outputs).folder
    let record = try RunRecord.read(folder)
    #expect(record.status == .diverged)
    return (workshop, try #require(error), try #require(record.divergence))
  }

  @Test(arguments: [["train.checkpointEvery=1"], ["train.checkpointEvery=7"], []])
  func stepsThatAreTooLongAreFoundWithTheOperation(schedule: [String]) throws {
    let (workshop, error, found) = try diverged(["learningRate=1e6"] + schedule)
    #expect(error.kind == .diverged)
    let origin = try #require(found.origin)
    #expect(origin.program == "training step")
    #expect(!origin.operation.contains("'"), "\(origin)")
    #expect(["inf", "-inf", "nan"].contains(origin.value))
    #expect(error.message.contains("at step \(found.step): \(origin.operation)"))
    // The same step and operation, whichever checkpoint the search began at.
    #expect(try diverged(["learningRate=1e6", "train.checkpointEvery=2"]).divergence == found)
    for step in (try? workshop.savedSteps()) ?? [] {
      #expect(step < found.step)
      let file = try SafeTensors.read(workshop.checkpoint(step))
      #expect(file.records.allSatisfy { $0.values(as: Float.self)?.allSatisfy(\.isFinite) ?? true })
    }
  }

  struct Planted: Sendable {
    let number: Float
    let operation: String
    let value: String
    var symptom = "loss is "
  }

  @Test(arguments: [
    Planted(number: .nan, operation: "input 'x'", value: "nan"),
    // Its tanh and its exponential are finite, and so is the loss; its gradient is not.
    Planted(number: -.infinity, operation: "input 'x'", value: "-inf", symptom: "state 'fit."),
    Planted(number: 200, operation: "exp", value: "inf"),
  ])
  func aNumberInTheDataIsTracedBack(planted: Planted) throws {
    let (workshop, error, found) = try diverged(
      ["train.checkpointEvery=5"], plant: .init(number: planted.number, step: 12))
    #expect(found.step == 13)
    #expect(found.symptom.hasPrefix(planted.symptom))
    #expect(found.origin?.operation == planted.operation)
    #expect(found.origin?.value == planted.value)
    #expect(error.message.contains("the state after step 10 is kept"))
    #expect(workshop.talk.contains("repeating 3 steps"))
    #expect(try workshop.savedSteps().last == 10)
  }

  @Test func aGradientThatIsNotFiniteIsFoundThoughTheLossIsFinite() throws {
    // The loss is about 1e32 and the gradient 1e16; 1e25 times that is not finite.
    let (_, _, found) = try diverged(["learningRate=1e25"], plant: .init(number: 38, step: 0))
    #expect(found.step == 1)
    #expect(found.symptom.hasPrefix("state 'fit."))
    #expect(found.origin?.layer.contains("optimizer") == true)
  }

  @Test func theRecordOfADivergenceReadsBack() throws {
    let (workshop, _, found) = try diverged(
      ["train.checkpointEvery=5"], plant: .init(number: .nan, step: 3))
    let folder = RunFolder(path: workshop.outputs + "/descent-001")
    let json = try RunRecord.read(folder).json(in: folder)["divergence"]
    #expect(json?["step"] == 4)
    #expect(json?["operation"] == "input 'x'")
    #expect(json?["program"] == "training step")
    #expect(found.symptom == "loss is nan")
  }

  @Test func anExperimentWithoutProgramsSaysTheMeasureAndTheStep() throws {
    let workshop = Workshop()
    _ = try? workshop.begin(trouble: .loss(.nan, step: 6))
    let record = try RunRecord.read(RunFolder(path: workshop.outputs + "/descent-001"))
    #expect(record.divergence == Divergence(step: 7, symptom: "loss is nan", origin: nil))
  }
}
