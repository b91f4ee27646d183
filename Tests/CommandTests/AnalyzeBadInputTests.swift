import Foundation
import Testing

@Suite struct AnalyzeBadInputTests {
  /// Every one ends with code 1 and one message that names the file.
  @Test(arguments: [
    ("empty.pcap", Data()), ("text.txt", Data("hello\n".utf8)), ("binary.bin", Data([0, 1, 2, 3, 0xff, 0, 9])),
    ("half-magic.pcap", Data([0xd4, 0xc3])), ("gzip-of-nothing.gz", Data([0x1f, 0x8b])),
    ("huge-record.pcap", Self.header + Data(repeating: 0xff, count: 64)),
  ])
  func refused(name: String, content: Data) async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: name)
      try content.write(to: file)
      let command = try await Command.run(["analyze", file.path, "--format", "json"])
      #expect(command.code == 1)
      #expect(command.error.contains(name))
    }
  }

  /// What can't be read is named, with what to do.
  @Test(arguments: [
    ("printf 'hi' | gzip | gzip", "compressed twice"), ("printf '\\375\\067zXZ\\000rest'", "compressed by xz"),
    ("printf '\\377\\376s\\000o\\000'", "UTF-16"), ("printf 'a\\000b'", "is no capture"), ("true", "zero bytes"),
    ("printf 'source,source,destination,packets,frame_bytes,ip_bytes'", "twice"),
    ("printf 'source,destination,packets,frame_bytes,ip_bytes\\na,b,1e309,1,1'", ":2:5:"),
  ])
  func saysWhatToDo(content: String, reason: String) async throws {
    let shell = try await Command.shell("\(content) | $TRANSHUMANCE analyze -")
    #expect(shell.code == 1)
    #expect(shell.output.isEmpty)
    #expect(shell.error.contains("standard input") && shell.error.contains(reason))
  }

  @Test func byteOrderMarksAndCarriageReturnsAreRead() async throws {
    let shell = try await Command.shell(
      """
      printf '\\357\\273\\277source,destination,packets,frame_bytes,ip_bytes\\r\\na,b,7,1,1\\r\\n' \\
        | $TRANSHUMANCE analyze - --format csv
      """)
    #expect(shell.code == 0)
    #expect(shell.output.contains("a,b,7,1,1"))
  }

  @Test func notThereOrAFolder() async throws {
    let missing = try await Command.run(["analyze", "no-such-file.pcap"])
    #expect(missing.code == 1)
    #expect(missing.error.contains("no-such-file.pcap"))
    let folder = try await Command.run(["analyze", "Examples"])
    #expect(folder.code == 1)
    #expect(folder.error.contains("Examples"))
  }

  @Test func aTraceWithoutPacketsIsGood() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "none.pcap")
      try Self.header.write(to: file)
      let command = try await Command.run(["analyze", file.path, "--format", "json"])
      #expect(command.code == 0)
      let trace = try #require(try command.json["trace"] as? [String: Any])
      #expect(trace["packets"] as? Int == 0)
      #expect(trace["start"] is NSNull)
    }
  }

  /// Read up to the cut, printed all the same, with a warning that says where.
  @Test func aTraceCutShort() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "cut.pcap.gz")
      let whole = try Data(contentsOf: Command.root.appending(path: "Examples/mg.A.8.pcap.gz"))
      try whole.prefix(whole.count / 2).write(to: file)
      let command = try await Command.run(["analyze", file.path, "--format", "json"])
      #expect(command.code == 1)
      #expect(command.error.contains("warning:"))
      #expect(command.error.contains("byte "))
      let trace = try #require(try command.json["trace"] as? [String: Any])
      #expect(trace["complete"] as? Bool == false)
      let packets = try #require(trace["packets"] as? Int)
      #expect(packets > 40_000 && packets < 129_195)
    }
  }

  @Test func aReaderThatLeaves() async throws {
    let shell = try await Command.shell("$TRANSHUMANCE analyze Examples/cg.A.8.pcap.gz --format json | head -c 10")
    #expect(shell.code == 0)
    #expect(shell.error.isEmpty)
    let ignoring = try await Command.shell(
      "trap '' PIPE; $TRANSHUMANCE analyze Examples/cg.A.8.pcap.gz --format json | head -c 10; true")
    #expect(ignoring.error.isEmpty)
  }

  /// A pcap header: µs, little endian, version 2.4, zone 0, accuracy 0, snap length 65535, Ethernet.
  static let header = Data([
    0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0,
  ])
}
