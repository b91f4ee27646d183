public import Model

/// `application.yaml`: an application's VMs, what is wanted of their placement, and what it still has to do.
public enum ApplicationDocument {
  /// Reads an application from YAML or JSON in UTF-8.
  ///
  /// An application that is well written but asks for what cannot be (constraints that contradict each other, some VMs
  /// placed and others not) is returned too, with errors among the diagnostics: `validate` fails on them, the planner
  /// says what it makes of them.
  ///
  /// - Parameters:
  ///   - file: how diagnostics name the document.
  ///   - federation: what hosts and sites are looked up in; without it, they are believed.
  ///   - endpoints: those of a traffic matrix, to say which VMs are missing there.
  ///   - overrides: those of applications are applied one after another; problems name the one that brings them.
  /// - Returns: the application, with warnings and contradictions.
  public static func parse(
    _ bytes: [UInt8], file: String, against federation: Federation? = nil, endpoints: [Endpoint]? = nil,
    overriding overrides: [Override] = []
  ) throws(DocumentError) -> (application: Application, diagnostics: [Diagnostic]) {
    try Override.read(bytes, file: file, as: .application, overrides) { root, log in
      var reader = ApplicationReader(federation: federation)
      let application = reader.read(Value(node: root, path: .root, log: log))
      guard log.errors == 0, let application else { return nil }
      reader.checkConsistency(of: application, log: log)
      if let endpoints { reader.checkTraffic(of: application, endpoints: endpoints, log: log) }
      return application
    }
  }

  public static func parse(
    _ text: String, file: String, against federation: Federation? = nil
  ) throws(DocumentError) -> (application: Application, diagnostics: [Diagnostic]) {
    try parse(Array(text.utf8), file: file, against: federation)
  }
}
