/// Gathers the problems of one document while it is read, so that all can be told at once.
final class DiagnosticLog {
  /// How many are told.
  static let limit = 50
  /// How many are kept to choose from; a document with more is beyond reading.
  private static let capacity = 10_000

  let file: String
  private(set) var errors = 0
  private var kept: [Diagnostic] = []
  private var count = 0
  private var names = NearestName()

  init(file: String) {
    self.file = file
  }

  /// Whether more problems are only counted.
  var isFull: Bool { kept.count >= Self.capacity }

  func error(at position: Position, _ message: String, hint: String? = nil) {
    errors += 1
    add(.error, position, message, hint)
  }

  func warning(at position: Position, _ message: String, hint: String? = nil) {
    add(.warning, position, message, hint)
  }

  private func add(_ severity: Diagnostic.Severity, _ position: Position, _ message: String, _ hint: String?) {
    count += 1
    guard !isFull else { return }
    kept.append(
      Diagnostic(
        file: file, line: Int(position.line), column: Int(position.column), severity: severity, message: message,
        hint: hint))
  }

  /// The candidate that was probably meant.
  func nearest(_ name: String, among candidates: some Collection<String>) -> String? {
    names.find(name, among: candidates)
  }

  /// `did you mean "…"?`, or what is allowed where nothing comes near.
  func suggestion(for name: String, among candidates: some Collection<String>, listed: String) -> String? {
    if let best = nearest(name, among: candidates) { return "did you mean \(quoted(best))?" }
    guard !candidates.isEmpty else { return nil }
    let shown = candidates.prefix(12).map(shortened).joined(separator: ", ")
    return "\(listed): \(shown)" + (candidates.count > 12 ? ", … (\(candidates.count) in all)" : "")
  }

  /// By place; a message that repeats another word for word at the same place is dropped.
  var sorted: [Diagnostic] {
    var seen = Set<Diagnostic>()
    return kept.filter { seen.insert($0).inserted }.enumerated()
      .sorted { ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset) }
      .map(\.element)
  }

  /// The first problems by place, errors before warnings where not all fit.
  var failure: DocumentError {
    let all = sorted
    if all.count <= Self.limit { return DocumentError(diagnostics: all, omitted: count - kept.count) }
    let told = all.filter { $0.severity == .error }.prefix(Self.limit)
    return DocumentError(diagnostics: Array(told), omitted: all.count - told.count + count - kept.count)
  }
}

/// A name in double quotes, cut to a length that fits a line, with control characters made visible.
func quoted(_ text: String) -> String { "\"\(shortened(text))\"" }

extension Unicode.Scalar {
  var isControl: Bool { properties.generalCategory == .control }
}

private func shortened(_ text: String) -> String {
  let scalars = text.unicodeScalars
  let head = scalars.prefix(60).map { $0.isControl ? $0.escaped(asASCII: true) : String($0) }
  return head.joined() + (scalars.count > 60 ? "…" : "")
}
