import Documents
import Model
import Testing

/// Bad documents, each beside the lines that a person should be told.
@Suite struct DiagnosticTests {
  @Test(arguments: Fixture.all(in: "Bad/federation"))
  func federation(_ fixture: Fixture) throws {
    let told = told { () throws(DocumentError) in
      try FederationDocument.parse((try? fixture.bytes) ?? [], file: "f").warnings
    }
    try #expect(told == fixture.expected)
  }

  @Test(arguments: Fixture.all(in: "Bad/application"))
  func application(_ fixture: Fixture) throws {
    let told = told { () throws(DocumentError) in
      try ApplicationDocument.parse((try? fixture.bytes) ?? [], file: "f").diagnostics
    }
    try #expect(told == fixture.expected)
  }

  @Test(arguments: Fixture.all(in: "Bad/together").filter { $0.name != "federation.yaml" })
  func applicationInFederation(_ fixture: Fixture) throws {
    let bytes = try Fixture.named("Bad/together/federation.yaml").bytes
    let federation = try FederationDocument.parse(bytes, file: "federation.yaml").federation
    let told = told { () throws(DocumentError) in
      try ApplicationDocument.parse((try? fixture.bytes) ?? [], file: "f", against: federation).diagnostics
    }
    try #expect(told == fixture.expected)
  }

  @Test(arguments: Fixture.all(in: "Bad/lab"))
  func lab(_ fixture: Fixture) throws {
    let told = told { () throws(DocumentError) in
      try LabDocument.parse((try? fixture.bytes) ?? [], file: "f").warnings
    }
    try #expect(told == fixture.expected)
  }

  @Test(arguments: Fixture.all(in: "Bad/matrix"))
  func matrix(_ fixture: Fixture) throws {
    let told = told { () throws(DocumentError) in
      _ = try MatrixDocument.parse((try? fixture.bytes) ?? [], file: "f")
      return []
    }
    try #expect(told == fixture.expected)
  }

  /// The lines without the file's name.
  private func told(_ parse: () throws(DocumentError) -> [Diagnostic]) -> [String] {
    do {
      return try parse().map { String($0.description.dropFirst(2)) }
    } catch {
      return error.description.split(separator: "\n").map { $0.hasPrefix("f:") ? String($0.dropFirst(2)) : String($0) }
    }
  }
}
