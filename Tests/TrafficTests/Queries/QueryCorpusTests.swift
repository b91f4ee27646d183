import Foundation
import Testing
import Traffic

/// What the fuzzer of a query's parameters (Fuzzing/Sources/FuzzQuery) has learnt, replayed without its tools.
@Suite struct QueryCorpusTests {
  @Test func everyInputIsAQueryOrWords() throws {
    let folder = URL(filePath: #filePath).appending(path: "../../../../Fuzzing/Corpus/Query").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(!files.isEmpty)
    for file in files {
      let pairs = try Data(contentsOf: file).split(separator: UInt8(ascii: "&")).map { pair in
        let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        let texts = parts.map { String(decoding: $0, as: UTF8.self) }
        return (name: texts[0], value: texts.count > 1 ? texts[1] : "")
      }
      do {
        let query = try QueryParameters(pairs)
        #expect((0...86_400_000_000_000).contains(query.wait))
      } catch {
        #expect(!error.description.isEmpty && !error.description.contains("\n"))
      }
    }
  }
}
