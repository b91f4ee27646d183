import Foundation
import Model
import Testing
import Trust

/// How a file that has changed is told from one that hasn't.
@Suite struct FileVersionTests {
  @Test func ofWhatALinkLeadsTo() async throws {
    try await withFolder { folder in
      let (link, first, second) = (folder + "/link", folder + "/first", folder + "/second")
      try write("one", first)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: first)
      let before = FileVersion(link)
      #expect(before == FileVersion(first) && before == FileVersion(link))
      try write("another", first)
      let after = FileVersion(link)
      #expect(after != before && after == FileVersion(first))
      // Leads elsewhere, to nothing, and nowhere.
      try write("another", second)
      try FileManager.default.removeItem(atPath: link)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: second)
      #expect(FileVersion(link) != after)
      try FileManager.default.removeItem(atPath: second)
      #expect(FileVersion(link) == FileVersion(folder + "/none"))
    }
  }

  /// As where files are mounted by links to the folder of the day.
  @Test func aListBehindALinkIsReadAnew() async throws {
    try await withAuthority { authority, folder in
      let (a1, a2) = (try authority.credentials(.host, "a1"), try authority.credentials(.host, "a2"))
      for (day, serial) in [("monday", a1.peer.serial), ("tuesday", a2.peer.serial)] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(day)", withIntermediateDirectories: false)
        try write("\(serial)\n", "\(folder)/\(day)/revoked")
      }
      func today(_ day: String) throws {
        try FileManager.default.createSymbolicLink(atPath: folder + "/next", withDestinationPath: "\(folder)/\(day)")
        try #require(rename(folder + "/next", folder + "/today") == 0)
      }
      try today("monday")
      try FileManager.default.createSymbolicLink(
        atPath: authority.revokedPath, withDestinationPath: folder + "/today/revoked")
      let watched = authority.watchRevocations()
      #expect(watched.current.contains(a1.peer.serial) && !watched.current.contains(a2.peer.serial))
      try today("tuesday")
      #expect(watched.current.contains(a2.peer.serial))
    }
  }
}
