import Documents
import Foundation
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

  @Test(arguments: (Fixture.all(in: "Bad/together") + Fixture.all(in: "Bad/resident")).filter { $0.name != "federation.yaml" })
  func applicationInFederation(_ fixture: Fixture) throws {
    let folder = fixture.url.deletingLastPathComponent().lastPathComponent
    let bytes = try Fixture.named("Bad/\(folder)/federation.yaml").bytes
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

  /// What is over is wrong only for whoever plans from now.
  @Test func windowsInThePast() throws {
    let text = """
      sites:
        - name: a
          windows:
            - {from: 2026-11-01T00:00:00Z, until: 2026-11-02T00:00:00Z}
            - {from: 2026-12-01T00:00:00Z}
      links: {}
      """
    #expect(try FederationDocument.parse(text, file: "f").federation.sites[0].windows.count == 2)
    let told = told { () throws(DocumentError) in
      try FederationDocument.parse(text, file: "f", now: Timestamp("2026-11-25T00:00:00Z")).warnings
    }
    #expect(
      told == [
        "4:43: error: sites[0].windows[0].until: the window ended at 2026-11-02T00:00:00Z, and it is "
          + "2026-11-25T00:00:00Z — take it out, or give the next one"
      ])
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
