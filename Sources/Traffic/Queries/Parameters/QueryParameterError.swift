internal import Model

/// What keeps the parameters of a query from being a query, in words for whoever wrote them.
public struct QueryParameterError: Error, Hashable, CustomStringConvertible {
  /// Names of parameters stand between backticks.
  private let text: String

  /// - Parameter text: with names of parameters between backticks, and what the user wrote by `quoted`.
  init(_ text: String) { self.text = text }

  /// In words that name each parameter as its writer knows it.
  ///
  /// - Parameter spelling: of a parameter's name, such as `--last` of `last`.
  public func description(spelling: (_ name: String) -> String) -> String {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .map { $0.offset % 2 == 1 ? spelling(String($0.element)) : String($0.element) }.joined()
  }

  public var description: String { description { $0 } }

  /// What a user wrote: on one line, of bounded length.
  static func quoted(_ value: String) -> String {
    let line = value.prefix(100).description.onOneLine.replacing("`", with: "'")
    return "\"\(line)\(value.count > 100 ? "…" : "")\""
  }
}
