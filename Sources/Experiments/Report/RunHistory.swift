import FileFormats
import Imaging

/// The measures of a run as far as they can be read. A line that is damaged is passed over, so that
/// a run whose disk was full can still be looked at.
public struct RunHistory: Sendable {
  /// One measure over the steps.
  public struct Curve: Sendable, Hashable {
    /// Where it was measured.
    public let kind: MetricsLine.Kind
    /// What was measured.
    public let measure: String
    /// The values, ascending by step; at least one.
    public let points: [Point]

    /// What a legend calls it: `loss` in training, `test loss` on the test data.
    public var name: String { kind == .train ? measure : "test \(measure)" }

    /// The values alone.
    public var values: [Double] { points.map(\.y) }

    /// The last value.
    public var last: Point { points[points.count - 1] }

    /// The best value, the first of equals; nil where none is better than another.
    public func best(_ guide: MeasureGuide) -> Point? {
      guide.goal(of: measure).map { goal in
        points.dropFirst().reduce(points[0]) { best, point in
          (goal == .less ? point.y < best.y : point.y > best.y) ? point : best
        }
      }
    }
  }

  /// The lines of `metrics.jsonl`.
  public private(set) var lines: [MetricsLine] = []
  /// What could not be read: the first trouble, if there was any.
  public private(set) var damage: FileError?
  private let path: String
  /// What the lines to read begin with, but for the last; nil for all.
  private let prefix: [UInt8]?
  /// How many lines were read, the bytes they take, and the last of these.
  private var lineCount = 0
  private var length = 0
  private var tail: [UInt8] = []

  /// By how many bytes one log is told from another.
  private static let tailLength = 512

  /// Reads the measures of a run; what follows the last line feed is still being written.
  public init(of folder: RunFolder) {
    self.init(of: folder, prefix: nil)
  }

  private init(of folder: RunFolder, prefix: [UInt8]?) {
    path = folder.metrics
    self.prefix = prefix
    refresh()
  }

  /// What a list of runs needs, read in a fraction of the time: the key curve and the last step.
  public static func overview(of folder: RunFolder) -> RunHistory {
    let tests = RunHistory(of: folder, prefix: Array(#"{"kind":"evaluation""#.utf8))
    let isEnough = tests.keyCurve.map { $0.kind == .evaluation && $0.points.count > 1 } ?? false
    return isEnough ? tests : RunHistory(of: folder)
  }

  /// Reads the lines that were added since. A log that was cut, as it is when a run is resumed, is
  /// read anew.
  public mutating func refresh() {
    guard Files.kind(of: path) != nil else { return }
    do throws(FileError) {
      let bytes = try Files.read(path, limit: MetricsLog.greatestSize)
      if bytes.count < length || !bytes[(length - tail.count)...].starts(with: tail) {
        (lines, damage, lineCount, length, tail) = ([], nil, 0, 0, [])
      }
      append(bytes)
    } catch {
      damage = error
    }
  }

  private mutating func append(_ bytes: [UInt8]) {
    let lineFeed = UInt8(ascii: "\n")
    guard let end = bytes[length...].lastIndex(of: lineFeed) else { return }
    let pieces = bytes[length..<end].split(
      separator: lineFeed, omittingEmptySubsequences: false)
    for (index, piece) in pieces.enumerated() {
      lineCount += 1
      if let prefix, index < pieces.count - 1, !piece.starts(with: prefix) { continue }
      if let line = MetricsLine(bytes: piece) {
        lines.append(line)
      } else if damage == nil {
        damage = FileError(
          .damaged, path: path, place: "line \(lineCount)", "expected a line of measures")
      }
    }
    length = end + 1
    tail = Array(bytes[..<length].suffix(Self.tailLength))
  }

  /// Steps done when the last line was written; 0 when there is none.
  public var lastStep: Int { lines.last.map { max($0.step, 0) } ?? 0 }

  /// The measures of a kind, in the order they first came.
  public func measures(_ kind: MetricsLine.Kind) -> [String] {
    // The first lines may lack a measure that stands before others in the later ones.
    let ofKind = lines.filter { $0.kind == kind }
    return (ofKind.suffix(1) + ofKind).flatMap(\.metrics.measures).map(\.name).distinct
  }

  /// A measure over the steps; nil when it was never measured.
  public func curve(_ kind: MetricsLine.Kind, _ measure: String) -> Curve? {
    let points = lines.compactMap { line -> Point? in
      guard line.kind == kind, let value = line.metrics[measure] else { return nil }
      return Point(x: Double(line.step), y: value)
    }
    return points.isEmpty ? nil : Curve(kind: kind, measure: measure, points: points)
  }

  /// Every curve: measure after measure, in training before on the test data.
  public var curves: [Curve] {
    (measures(.train) + measures(.evaluation)).distinct.flatMap { measure in
      [curve(.train, measure), curve(.evaluation, measure)].compactMap(\.self)
    }
  }

  /// The curve that tells most in one look: the first measure on the test data, or in training
  /// while there are fewer than two tests.
  public var keyCurve: Curve? {
    let test = measures(.evaluation).first.flatMap { curve(.evaluation, $0) }
    if let test, test.points.count > 1 { return test }
    return measures(.train).first.flatMap { curve(.train, $0) } ?? test
  }
}

extension Sequence where Element: Hashable {
  /// The elements without those that came before.
  var distinct: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
