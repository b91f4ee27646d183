/// The kinds of document, told apart by what is in them.
public enum DocumentKind: String, CaseIterable, Hashable, Sendable {
  case federation
  case application
  case matrix

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
    var names = Set<String>()
    if case .mapping(let entries) = root.content { names = Set(entries.compactMap(\.key.text)) }
    let federation = names.intersection(Shape.federation.fields).count
    let application = names.intersection(Shape.application.fields).count
    if federation > application { return .federation }
    if application > federation { return .application }
    log.error(
      at: root.position, "this is neither a federation, an application nor a traffic matrix",
      hint: "a federation has sites and links, an application name and vms, a matrix begins with \(RowParser.header)")
    throw log.failure
  }
}
