import Capture
import Foundation
import Testing
import Traffic

/// What the fuzzers (Fuzzing/) have learnt, replayed without their tools: no input traps, and the window's size changes
/// nothing.
@Suite struct CorpusTests {
  private static func corpus(_ name: String) throws -> [[UInt8]] {
    let directory = Fixtures.root.appending(path: "Fuzzing/Corpus/\(name)")
    let files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
    return try files.map { Array(try Data(contentsOf: $0)) }
  }

  @Test(arguments: ["Pcap", "Pcapng"])
  func captures(name: String) throws {
    let corpus = try Self.corpus(name)
    #expect(!corpus.isEmpty)
    for input in corpus {
      let (small, large) = (Bytes(bytes: input), Bytes(bytes: input))
      let (narrow, wide) = (try? small.analyze(window: 16), try? large.analyze(window: 1 << 16))
      #expect(narrow?.counts.rows == wide?.counts.rows)
      #expect(narrow?.counts.facts == wide?.counts.facts)
    }
  }

  @Test func frames() throws {
    let corpus = try Self.corpus("Decoder")
    #expect(!corpus.isEmpty)
    for input in corpus where input.count >= 4 {
      let linkType = LinkType(rawValue: UInt16(input[0]) << 8 | UInt16(input[1]))
      let frame = input.span.extracting(4...)
      for decapsulate in [false, true] {
        _ = PacketDecoder(decapsulate: decapsulate).decode(frame, wireBytes: 1500, linkType: linkType)
      }
    }
  }
}
