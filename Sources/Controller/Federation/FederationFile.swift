internal import Documents
internal import Foundation
internal import Linux
internal import Model
internal import SystemPackage
internal import Trust

/// The federation's document, which operators edit while the controller runs.
struct FederationFile: Sendable {
  let path: String

  var version: FileVersion { FileVersion(path) }

  /// - Throws: `ControllerError` where it can't be read, `DocumentError` where it is wrong.
  func read() throws -> (federation: Federation, warnings: [Diagnostic]) {
    let bytes: [UInt8]?
    do {
      bytes = try DurableFile.read(FilePath(path))
    } catch {
      throw ControllerError("\(path) can't be read: \(error)")
    }
    guard let bytes else { throw ControllerError("\(path): there is no such file (--federation names it)") }
    return try FederationDocument.parse(bytes, file: path)
  }

  /// Each later version, good or not, within a second of its being written; until cancelled.
  ///
  /// Editors write anew beside and rename, or in pieces: a version counts once it has stayed the same for a look.
  func watch(
    since first: FileVersion, _ take: (Result<Federation, Decider.ConfigurationProblem>) async -> Void
  ) async throws {
    var taken = first
    var seen = first
    while true {
      try await Task.sleep(for: .milliseconds(500))
      let now = version
      defer { seen = now }
      guard now == seen, now != taken else { continue }
      taken = now
      do {
        await take(.success(try read().federation))
      } catch {
        await take(.failure(.init("\(error)")))
      }
    }
  }
}
