import Foundation
import Testing

/// Documents kept as files, in `Tests/Fixtures/Documents`.
struct Fixture: CustomTestStringConvertible, Sendable {
  let url: URL

  var testDescription: String { "\(url.deletingLastPathComponent().lastPathComponent)/\(url.lastPathComponent)" }
  var name: String { url.lastPathComponent }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/Documents")

  var bytes: [UInt8] {
    get throws { try [UInt8](Data(contentsOf: url)) }
  }

  /// The lines of the file of the same name that ends in `.expected`.
  var expected: [String] {
    get throws {
      let text = try String(contentsOf: url.deletingPathExtension().appendingPathExtension("expected"), encoding: .utf8)
      return text.split(separator: "\n").map(String.init)
    }
  }

  static func named(_ path: String) -> Fixture { Fixture(url: root.appending(path: path)) }

  /// The documents of a folder, in the order of their names.
  static func all(in folder: String) -> [Fixture] {
    let directory = root.appending(path: folder)
    let urls = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
    return urls.filter { $0.pathExtension != "expected" }.map { Fixture(url: $0) }.sorted { $0.name < $1.name }
  }
}
