internal import FoundationEssentials
internal import Linux
package import Model
internal import SystemPackage

/// The hold of a host in its agent's state folder, so that it outlives the agent and the machine.
package struct HoldFile: Sendable {
  private let path: FilePath

  package init(folder: String) {
    path = FilePath(folder).appending("hold.json")
  }

  /// Nil: the host isn't held. A file that can't be read counts as a hold, which is the safe side, and is its reason.
  ///
  /// - Parameter now: since when, of a file that can't be read.
  package func load(now: Timestamp) -> HostHold? {
    do {
      guard let bytes = try DurableFile.read(path) else { return nil }
      return try JSONDecoder().decode(HostHold.self, from: Data(bytes))
    } catch let error as DecodingError {
      return unreadable("it isn't a hold (\(error))", now)
    } catch {
      return unreadable("\(error)", now)
    }
  }

  private func unreadable(_ reason: String, _ now: Timestamp) -> HostHold {
    HostHold(reason: "\(path) can't be read, which counts as a hold: \(reason.onOneLine)", by: "its agent", since: now)
  }

  /// Returns when it is on the disk.
  ///
  /// - Parameter hold: nil: the host isn't held any more.
  /// - Throws: where the disk doesn't take it; the file is as it was.
  package func save(_ hold: HostHold?) throws {
    guard let hold else { return try DurableFile.remove(path) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try DurableFile.write([UInt8](try encoder.encode(hold)), to: path)
  }
}
