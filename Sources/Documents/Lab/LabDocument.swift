public import Model

/// `lab.yaml`: a federation whose hosts and links are made real on one machine, with its virtual networks, guests and
/// other machines.
public enum LabDocument {
  /// Reads a lab from YAML or JSON in UTF-8.
  ///
  /// - Parameter file: how diagnostics name the document.
  /// - Returns: the lab, and warnings.
  public static func parse(
    _ bytes: [UInt8], file: String
  ) throws(DocumentError) -> (lab: LabDescription, warnings: [Diagnostic]) {
    let log = DiagnosticLog(file: file)
    guard let root = YAMLComposer.compose(bytes, as: .lab, log: log) else { throw log.failure }
    var reader = LabReader()
    let lab = reader.read(Value(node: root, path: .root, log: log))
    guard log.errors == 0, let lab else { throw log.failure }
    return (lab, log.sorted)
  }

  public static func parse(
    _ text: String, file: String
  ) throws(DocumentError) -> (lab: LabDescription, warnings: [Diagnostic]) {
    try parse(Array(text.utf8), file: file)
  }
}
