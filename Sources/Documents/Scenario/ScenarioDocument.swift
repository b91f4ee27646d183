public import Model

/// `scenario.yaml`: what `transhumance simulate` plays.
public enum ScenarioDocument {
  /// Reads a scenario from YAML or JSON in UTF-8. One that contradicts itself is refused.
  ///
  /// - Parameter file: how diagnostics name the document.
  /// - Returns: the scenario, and warnings.
  public static func parse(
    _ bytes: [UInt8], file: String
  ) throws(DocumentError) -> (scenario: Scenario, warnings: [Diagnostic]) {
    let log = DiagnosticLog(file: file)
    guard let root = YAMLComposer.compose(bytes, as: .scenario, log: log) else { throw log.failure }
    var reader = ScenarioReader()
    let scenario = reader.read(Value(node: root, path: .root, log: log))
    guard log.errors == 0, let scenario else { throw log.failure }
    reader.check(scenario, log: log)
    guard log.errors == 0 else { throw log.failure }
    return (scenario, log.sorted)
  }

  public static func parse(
    _ text: String, file: String
  ) throws(DocumentError) -> (scenario: Scenario, warnings: [Diagnostic]) {
    try parse(Array(text.utf8), file: file)
  }
}
