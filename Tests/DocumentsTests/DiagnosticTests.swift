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

  @Test(
    arguments: (Fixture.all(in: "Bad/together") + Fixture.all(in: "Bad/resident")).filter {
      $0.name != "federation.yaml"
    })
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
        "4:9: warning: sites[0].windows[0]: ended at 2026-11-02T00:00:00Z, and it is 2026-11-25T00:00:00Z: left out — "
          + "take it out"
      ])
  }

  /// Later ones are told once, and with none to come nothing can be planned; what overlaps is wrong, over or not.
  @Test func sitesWithoutAWindowToCome() throws {
    func told(_ windows: String) -> [String] {
      self.told { () throws(DocumentError) in
        try FederationDocument.parse(
          "sites:\n  - {name: a, windows: [\(windows)]}\nlinks: {}\n", file: "f", now: Timestamp("2026-11-25T00:00:00Z")
        ).warnings
      }
    }
    let (first, second) = (
      "{until: 2026-11-02T00:00:00Z}", "{from: 2026-11-03T00:00:00Z, until: 2026-11-25T00:00:00Z}"
    )
    #expect(
      told("\(first), \(second)") == [
        "2:56: error: sites[0].windows[1]: ended at 2026-11-25T00:00:00Z, and it is 2026-11-25T00:00:00Z: the site has "
          + "no window left — give the next one; without `windows` it is always available, `drain: true` empties it"
      ])
    #expect(
      told("\(second), \(first), {from: 2026-11-26T00:00:00Z}") == [
        "2:25: warning: sites[0].windows[0]: ended at 2026-11-25T00:00:00Z, like 1 before it, and it is "
          + "2026-11-25T00:00:00Z: left out — take them out"
      ])
    let overlap = "{from: 2026-11-01T00:00:00Z, until: 2026-11-03T00:00:00Z}, {from: 2026-11-26T00:00:00Z}"
    #expect(told("\(first), \(overlap)").contains { $0.contains("error: sites[0].windows[1]: overlaps the window") })
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
