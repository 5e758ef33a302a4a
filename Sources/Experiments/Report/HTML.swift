import FileFormats

/// A piece of an HTML page. Every text in it was escaped when it was made, so that nothing that
/// comes from outside can become an element.
struct HTML {
  /// The piece as the page has it.
  let markup: String

  private init(markup: String) {
    self.markup = markup
  }

  /// A text; what could mislead a reader is written as `\u{...}`.
  static func text(_ text: String) -> HTML {
    HTML(markup: escaped(text))
  }

  /// An element of the given pieces.
  static func element(
    _ name: StaticString, with attributes: KeyValuePairs<StaticString, String> = [:],
    _ content: [HTML]
  ) -> HTML {
    HTML(markup: tag(name, attributes) + content.map(\.markup).joined() + "</\(name)>")
  }

  /// An element around a text.
  static func element(
    _ name: StaticString, with attributes: KeyValuePairs<StaticString, String> = [:],
    _ text: String
  ) -> HTML {
    element(name, with: attributes, [.text(text)])
  }

  /// An element that has no content, such as an image.
  static func void(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>
  ) -> HTML {
    HTML(markup: tag(name, attributes))
  }

  /// Markup of ours that is whole in itself: the plots, the style.
  static func own(_ markup: String) -> HTML {
    HTML(markup: markup)
  }

  /// A table with a line of titles. Cells of the columns in `numbers` stand at the right.
  static func table(_ titles: [String], numbers: Set<Int> = [], rows: [[String]]) -> HTML {
    func cells(_ name: StaticString, _ texts: [String]) -> [HTML] {
      texts.enumerated().map { column, text in
        element(name, with: numbers.contains(column) ? ["class": "number"] : [:], text)
      }
    }
    let head = element("thead", [element("tr", cells("th", titles))])
    let body = rows.map { element("tr", cells("td", $0)) }
    return element(
      "div", with: ["class": "scroll"], [element("table", [head, element("tbody", body)])])
  }

  private static func tag(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>
  ) -> String {
    let values = attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }
    return "<\(name)\(values.joined())>"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.printable().unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
