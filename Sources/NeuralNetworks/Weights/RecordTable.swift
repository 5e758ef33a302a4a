import FileFormats
import TensorEngine

/// Records by their names, to be taken over one by one.
public struct RecordTable {
  private let records: [String: TensorRecord]

  /// A table of records, of which the first counts where names repeat.
  public init(_ records: [TensorRecord]) {
    self.records = Dictionary(records.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The numbers of a record.
  ///
  /// - Parameters:
  ///   - count: how many there must be; nil for any.
  ///   - isAllowed: whether a number is one that can be.
  /// - Throws: `WeightError`, when the record is missing or holds others.
  public func values<Element: TensorElement>(
    named name: String, count: Int? = nil, where isAllowed: (Element) -> Bool = { _ in true }
  ) throws(WeightError) -> [Element] {
    let values: [Element] = try numbers(of: record(named: name))
    guard values.count == count ?? values.count else {
      throw WeightError(
        name: name, problem: "holds \(values.count) numbers, expected \(count ?? 0)")
    }
    guard values.allSatisfy(isAllowed) else {
      throw WeightError(name: name, problem: "holds a number that cannot be")
    }
    return values
  }

  /// A tensor of 32-bit floats of a shape.
  ///
  /// - Throws: `WeightError`, when the record is missing or another.
  func value(named name: String, shape: Shape) throws(WeightError) -> TensorValue<Float> {
    let record = try record(named: name)
    guard record.shape == shape.dimensions else {
      throw WeightError(name: name, problem: "has shape \(record.shape), expected \(shape)")
    }
    return TensorValue(shape: shape, scalars: try numbers(of: record))
  }

  private func record(named name: String) throws(WeightError) -> TensorRecord {
    guard let record = records[name] else { throw WeightError(name: name, problem: "is missing") }
    return record
  }

  private func numbers<Element: TensorElement>(
    of record: TensorRecord
  ) throws(WeightError) -> [Element] {
    guard let values = record.values(as: Element.self) else {
      throw WeightError(
        name: record.name,
        problem: "holds \(record.elementType.rawValue) numbers, expected "
          + Element.elementType.rawValue)
    }
    return values
  }
}
