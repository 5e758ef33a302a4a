/// Numbers as people read them.
public enum Quantity {
  /// Seconds as `0.4s`, `12s`, `1m 12s`, `2h 05m`, `3d 04h`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    guard seconds >= 9.95 else { return fixed(max(seconds, 0), digits: 1) + "s" }
    let whole = Int(seconds.rounded())
    switch whole {
    case ..<60: return "\(whole)s"
    case ..<3600: return "\(whole / 60)m \(twoDigits(whole % 60))s"
    case ..<86_400: return "\(whole / 3600)h \(twoDigits(whole / 60 % 60))m"
    default: return "\(whole / 86_400)d \(twoDigits(whole / 3600 % 24))h"
    }
  }

  /// A number of at least so many digits, with zeros before it: `0012`. Names of files so are in the
  /// order of their numbers.
  public static func padded(_ number: Int, to count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(count - digits.count, 0)) + digits
  }

  /// A whole number with thousands apart: `1,234,567`.
  public static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = value < 0 ? "-" : ""
    for (place, digit) in digits.enumerated() {
      if place > 0 && (digits.count - place) % 3 == 0 {
        result += ","
      }
      result.append(digit)
    }
    return result
  }

  /// A step as a plot has it, as a whole number.
  public static func step(_ place: Double) -> String {
    Int(exactly: place.rounded()).map { count($0) } ?? measure(place)
  }

  /// A number of things: `1 step`, `4,096 steps`.
  public static func count(_ value: Int, _ thing: String) -> String {
    "\(count(value)) \(thing)\(value == 1 ? "" : "s")"
  }

  /// Bytes as `512 B`, `1.5 KiB`, `20.3 MiB` (IEC 80000-13).
  public static func bytes(_ value: Int) -> String {
    scaled(Double(value), by: 1024, units: ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
  }

  /// A large number as `950`, `1.5 k`, `20.3 M`, `4.7 G`.
  public static func scaled(_ value: Double) -> String {
    scaled(value, by: 1000, units: ["", "k", "M", "G", "T", "P", "E"])
  }

  /// A measure with about four significant digits: `262.1`, `0.03125`, `1.2e-07`.
  public static func measure(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    switch value.magnitude {
    case 0: return "0"
    case 1e15...: return "\(value)"
    case 1000...: return fixed(value, digits: 0)
    case 100...: return fixed(value, digits: 1)
    case 10...: return fixed(value, digits: 2)
    case 1...: return fixed(value, digits: 3)
    case 0.1...: return fixed(value, digits: 4)
    case 0.001...: return fixed(value, digits: 5)
    default:
      var exponent = 0
      var mantissa = value
      while mantissa.magnitude < 0.9995 && exponent < 400 {
        mantissa *= 10
        exponent += 1
      }
      return fixed(mantissa, digits: 3) + "e-\(twoDigits(exponent))"
    }
  }

  /// A number with the given count of digits after the point; in scientific notation where a Double
  /// has none (from 10^15 on, digits included), and for what is no number.
  static func fixed(_ value: Double, digits: Int) -> String {
    var scale = 1
    for _ in 0..<digits {
      scale *= 10
    }
    guard value.magnitude * Double(scale) < 1e15 else { return "\(value)" }
    let whole = Int((value.magnitude * Double(scale)).rounded())
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(whole % scale)
    let padding = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(whole / scale).\(padding)\(fraction)"
  }

  private static func scaled(_ value: Double, by factor: Double, units: [String]) -> String {
    var value = value
    var unit = 0
    // What would round up to the factor goes to the next unit.
    while value.magnitude >= factor - (unit == 0 ? 0.5 : 0.05) && unit < units.count - 1 {
      value /= factor
      unit += 1
    }
    let number = fixed(value, digits: unit == 0 ? 0 : 1)
    return units[unit].isEmpty ? number : "\(number) \(units[unit])"
  }

  private static func twoDigits(_ value: Int) -> String { padded(value, to: 2) }
}
