import Agent
import Foundation
import Model
import Testing

struct HoldFileTests {
  private let now = Timestamp(nanoseconds: 1_800_000_000_000_000_000)

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "/hold-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func isThereAgain() throws {
    try withFolder { folder in
      #expect(HoldFile(folder: folder).load(now: now) == nil)
      let hold = HostHold(reason: "a fan, \"left\"", by: "root", since: now.advanced(bySeconds: -60))
      try HoldFile(folder: folder).save(hold)
      #expect(HoldFile(folder: folder).load(now: now) == hold)
      try HoldFile(folder: folder).save(nil)
      #expect(HoldFile(folder: folder).load(now: now) == nil)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.isEmpty)
    }
  }

  /// As agents before this one have written it, octet for octet.
  @Test func keepsItsFormat() throws {
    try withFolder { folder in
      let text = #"{"by":"root","reason":"a fan, \"left\", in/out","since":"2026-11-24T15:46:00Z"}"#
      let path = folder + "/hold.json"
      try Data(text.utf8).write(to: URL(filePath: path))
      let hold = try #require(HoldFile(folder: folder).load(now: now))
      #expect(hold.reason == "a fan, \"left\", in/out" && hold.by == "root")
      #expect(hold.since == Timestamp("2026-11-24T15:46:00Z"))
      try HoldFile(folder: folder).save(hold)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
  }

  /// Whoever has damaged it didn't let the host go.
  @Test(arguments: [
    "", "{", "[]", "{\"by\":\"root\"}", "{\"by\":\"root\",\"reason\":\"a fan\",\"since\":\"noon\"}", "\u{0}\u{0}",
  ])
  func whatCannotBeReadHolds(_ text: String) throws {
    try withFolder { folder in
      let path = folder + "/hold.json"
      try Data(text.utf8).write(to: URL(filePath: path))
      let hold = try #require(HoldFile(folder: folder).load(now: now))
      #expect(hold.since == now && hold.reason.contains("/hold.json can't be read, which counts as a hold"))
      #expect(!hold.reason.contains("\n"))
    }
  }

  /// A folder is in its place.
  @Test func whatTheDiskDoesNotTakeIsAnError() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/hold.json", withIntermediateDirectories: false)
      let file = HoldFile(folder: folder)
      #expect(throws: (any Error).self) { try file.save(HostHold(reason: "", by: "root", since: now)) }
      #expect(throws: (any Error).self) { try file.save(nil) }
      #expect(file.load(now: now) != nil)
    }
  }
}
