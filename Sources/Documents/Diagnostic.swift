/// One problem of a document, with the place where it is and what to do about it.
public struct Diagnostic: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable { case error, warning }

  /// As the caller named it; it is not opened.
  public var file: String
  /// From 1.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  public var severity: Severity
  /// What is wrong, beginning with the path of the field: `sites[0].hosts[2].vcpus: …`.
  public var message: String
  /// What is allowed, or what was probably meant.
  public var hint: String?

  public init(file: String, line: Int, column: Int, severity: Severity, message: String, hint: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.severity = severity
    self.message = message
    self.hint = hint
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line:column: error: message — hint`, which editors and terminals can follow.
  public var description: String {
    "\(file):\(line):\(column): \(severity): \(message)" + (hint.map { " — \($0)" } ?? "")
  }
}

/// Why a document cannot be used: all its problems at once, in the order of their places.
public struct DocumentError: Error, Hashable, Sendable {
  /// At least one of them an error; no more than `DiagnosticLog.limit`.
  public var diagnostics: [Diagnostic]
  /// How many more there are.
  public var omitted: Int

  public init(diagnostics: [Diagnostic], omitted: Int = 0) {
    self.diagnostics = diagnostics
    self.omitted = omitted
  }
}

extension DocumentError: CustomStringConvertible {
  /// One line for each problem, and `and N more` where there are too many.
  public var description: String {
    let lines = diagnostics.map(\.description)
    return (omitted > 0 ? lines + ["and \(omitted) more"] : lines).joined(separator: "\n")
  }
}
