import Answers
import Foundation
import Subprocess
import SystemPackage
import Testing
import Traffic

/// XML against `Schemas/statistics.xsd`, as `xmllint` (Debian's libxml2-utils) sees it, and gnuplot's data as gnuplot
/// does.
@Suite struct SchemaTests {
  private static let queries: [QueryParameters] = [
    Messages.query(), Messages.query { $0.answer = .mean },
    Messages.query { ($0.answer, $0.endpoints) = (.coefficient(0.5), .site) },
    Messages.query { ($0.answer, $0.endpoints) = (.weights([1, 0, 1e300]), .application) },
  ]

  @Test(arguments: queries) func documentsAreAsTheSchemaSays(_ query: QueryParameters) async throws {
    let messages = query.answer == .detail ? Messages.detail : Messages.mean
    let text = Messages.text(.xml, messages, of: query)
    #expect(try await Tool.xmllint.check(text) == nil, "\(text)")
  }

  @Test func namesAreEscaped() async throws {
    let names = ["\"<&>'\t\n", "\u{1}\u{fffe}", "é"]
    let rows: [Messages.Row] = names.map { ($0, "vm1", 1, nil, false) }
    let text = Messages.text(.xml, [Messages.header(to: 30), Messages.pairs(rows)], of: Self.queries[1])
    #expect(text.contains("source=\"&quot;&lt;&amp;>'&#9;&#10;\""))
    #expect(text.contains("source=\"\u{fffd}\u{fffd}\""))
    #expect(try await Tool.xmllint.check(text) == nil)
  }

  /// The schema says no, too.
  @Test func whatIsNoAnswerIsRefused() async throws {
    let text = Messages.text(.xml, Messages.detail, of: Self.queries[0])
    for (right, wrong) in [("packets=\"40\"", "packets=\"-1\""), ("<period ", "<pariod "), (" exact=\"false\"", "")] {
      #expect(text.contains(right))
      #expect(try await Tool.xmllint.check(text.replacing(right, with: wrong)) != nil)
    }
  }

  @Test func gnuplotReadsItsData() async throws {
    let text = Messages.text(.gnuplot, Messages.detail, of: Self.queries[0])
    // Of the first data set three records, of 60.5 packets in all.
    #expect(try await Tool.gnuplot.check(text) == nil)
  }
}

/// A program of others that judges a document.
private enum Tool: String {
  case xmllint, gnuplot

  private var package: String {
    switch self {
    case .xmllint: "libxml2-utils"
    case .gnuplot: "gnuplot-nox"
    }
  }

  /// - Returns: what it finds wrong; nil: nothing.
  func check(_ text: String) async throws -> String? {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/\(rawValue)") else {
      // `make test` installs xmllint; gnuplot is for whoever has it.
      if self == .xmllint, ProcessInfo.processInfo.environment["CI"] != nil { Issue.record("needs \(package)") }
      try Test.cancel("NOT TESTED: there is no \(rawValue); `apt-get install \(package)`")
    }
    let file = FileManager.default.temporaryDirectory.appending(path: "transhumance-test-\(UUID().uuidString)")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL.path
    let arguments: [String] =
      switch self {
      case .xmllint: ["--noout", "--schema", "\(root)/Schemas/statistics.xsd", file.path]
      case .gnuplot:
        [
          "-e",
          "stats '\(file.path)' index 0 using 5 nooutput; if (STATS_records != 3 || STATS_sum != 60.5) exit status 1",
        ]
      }
    let result = try await Subprocess.run(
      .path(.init("/usr/bin/\(rawValue)")), arguments: Arguments(arguments), output: .discarded,
      error: .string(limit: 1 << 20))
    return result.terminationStatus == .exited(0) ? nil : result.standardError
  }
}
