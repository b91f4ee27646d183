import Documents
import Model

extension ValidateCommand {
  /// What is wrong with each of several files; encodes as the command's JSON document.
  struct Report: Encodable {
    var valid: Bool { files.allSatisfy(\.valid) }
    private(set) var files: [File] = []

    /// Federations and matrices first, so that an application can stand before them. It is checked against the one
    /// federation there is, and with the one matrix.
    init(checking paths: [String], as kind: DocumentKind?) {
      var inputs = paths.map { Input(path: $0, kind: kind) }
      var federations: [Federation] = []
      for index in inputs.indices {
        if let federation = inputs[index].checkFederation() { federations.append(federation) }
        inputs[index].checkLab()
        inputs[index].checkScenario()
      }
      let federation = federations.count == 1 ? federations[0] : nil
      let matrices = inputs.indices.filter { inputs[$0].endpoints != nil }
      let isPair = matrices.count == 1 && inputs.count { $0.result.kind == DocumentKind.application.rawValue } == 1
      for index in inputs.indices {
        let endpoints = isPair ? inputs[matrices[0]].endpoints : nil
        guard let application = inputs[index].checkApplication(against: federation, endpoints), isPair else { continue }
        inputs[matrices[0]].checkEndpoints(against: application)
      }
      files = inputs.map(\.result)
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(valid, forKey: .valid)
      try container.encode(files, forKey: .files)
    }

    private enum CodingKeys: String, CodingKey { case valid, files }

    /// A line for each problem, and one for each file that is good.
    var text: String {
      files.map { file in
        var lines = file.diagnostics.map { file.line(of: $0) }
        if file.omitted > 0 { lines.append("\(file.file): and \(file.omitted) more") }
        if file.valid { lines.append("\(file.file): \(Terminal.styled("valid", .green)): \(file.summary ?? "")") }
        return lines.joined(separator: "\n") + "\n"
      }.joined()
    }
  }

  /// The result for one file.
  struct File: Encodable {
    var file: String
    /// Absent where it couldn't be told.
    var kind: String?
    var valid = true
    /// How much is in it, where it is valid: `federation of 3 sites with 4 hosts`.
    var summary: String?
    var diagnostics: [Problem] = []
    /// How many more problems there are than are listed.
    var omitted = 0

    func line(of problem: Problem) -> String {
      let place = problem.line.map { ":\($0):\(problem.column ?? 1)" } ?? ""
      let severity = Terminal.styled("\(problem.severity):", problem.severity == "error" ? .red : .yellow)
      return "\(file)\(place): \(severity) \(problem.message)" + (problem.hint.map { " — \($0)" } ?? "")
    }
  }

  /// A diagnostic without the file's name; without a place where the file can't be opened.
  struct Problem: Encodable {
    var line: Int?
    var column: Int?
    var severity: String
    var message: String
    var hint: String?

    init(_ diagnostic: Diagnostic) {
      (line, column) = (diagnostic.line, diagnostic.column)
      (severity, message, hint) = (diagnostic.severity.rawValue, diagnostic.message, diagnostic.hint)
    }

    init(unreadable message: String) {
      (severity, self.message) = ("error", message)
    }

    /// About the file as a whole.
    init(warning message: String, hint: String) {
      (severity, self.message, self.hint) = ("warning", message, hint)
    }
  }
}
