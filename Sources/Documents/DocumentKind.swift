/// The kinds of document, told apart by what is in them.
public enum DocumentKind: String, CaseIterable, Hashable, Sendable {
  case federation
  case application
  case matrix
  /// A federation with networks and guests.
  case lab
  /// What a simulation plays.
  case scenario

  /// What is read of a federation or an application at most; a longer one is refused.
  public static let maximumBytes = 64 << 20

  /// Whether a file that begins like this is meant as a traffic matrix: its first line names at least two columns of
  /// one, whatever stands between them.
  public static func isMatrix(beginning: ArraySlice<UInt8>) -> Bool {
    let line = beginning.prefix(4096).drop { $0 <= 0x20 || $0 >= 0x80 }.prefix { $0 != 0x0a && $0 != 0x0d }
    let isLetter = { (byte: UInt8) in (0x41...0x5a).contains(byte & 0xdf) || byte == UInt8(ascii: "_") }
    let words = Set(line.split { !isLetter($0) }.map { String(decoding: $0, as: UTF8.self) })
    let columns = words.intersection(MatrixDocument.Column.allCases.map(\.rawValue))
    return columns.count >= 2 && !line.contains(UInt8(ascii: ":"))
  }

  /// Whether YAML or JSON is a federation or an application: the one that has more of its fields at the top.
  ///
  /// Throws what keeps the text from being read at all, and where it is neither.
  public static func detect(_ bytes: [UInt8], file: String) throws(DocumentError) -> DocumentKind {
    let log = DiagnosticLog(file: file)
    guard let root = YAMLComposer.compose(bytes, log: log) else { throw log.failure }
    if let kind = of(root) { return kind }
    log.error(
      at: root.position, "this is neither a federation, a lab, an application, a scenario nor a traffic matrix",
      hint: "a federation has sites and links, a lab guests too, an application name and vms, "
        + "a scenario federation and applications, a matrix begins with "
        + RowParser.header)
    throw log.failure
  }

  /// The kind whose fields at the top are more; nil where there are as many of each.
  private static func of(_ root: Node) -> DocumentKind? {
    guard case .mapping(let entries) = root.content else { return nil }
    let names = Set(entries.compactMap(\.key.text))
    if names.isSuperset(of: ["federation", "applications"]) { return .scenario }
    let federation = names.intersection(Shape.federation.fields).count
    let application = names.intersection(Shape.application.fields).count
    if federation == application { return nil }
    if federation < application { return .application }
    return names.isDisjoint(with: Shape.labOnly) ? .federation : .lab
  }

  /// Why a file that begins like this is no text of any kind; nil where it may be one.
  public static func refusal(ofBeginning bytes: ArraySlice<UInt8>, file: String) -> DocumentError? {
    guard let (message, hint) = BinaryContent.refusal(of: bytes) else { return nil }
    let log = DiagnosticLog(file: file)
    log.error(at: .start, message, hint: hint)
    return log.failure
  }

  /// Tells the log where a document is of another kind than the one that is wanted: that its fields are unknown would
  /// help nobody.
  func isMet(by root: Node, _ bytes: [UInt8], log: DiagnosticLog) -> Bool {
    let found = Self.isMatrix(beginning: bytes[...]) ? DocumentKind.matrix : Self.of(root) ?? self
    // A lab without guests is written as a federation is.
    guard found != self, (self, found) != (.lab, .federation) else { return true }
    log.error(at: root.position, "this is \(found.noun), not \(noun)", hint: "are two files swapped?")
    return false
  }

  private var noun: String {
    switch self {
    case .federation: "a federation"
    case .application: "an application"
    case .matrix: "a traffic matrix"
    case .lab: "a lab"
    case .scenario: "a scenario"
    }
  }
}
