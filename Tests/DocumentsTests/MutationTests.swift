import Documents
import Model
import Testing

/// Whatever the bytes: a document or an error that says where, never a crash. The fuzzers (Fuzzing/) go on where these
/// end.
@Suite struct MutationTests {
  @Test(arguments: 0..<20)
  func mutatedDocuments(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let federation = try? FederationDocument.parse(ExampleTests.federation, file: "f").federation
    let seeds = [ExampleTests.federation, ExampleTests.application, LabDocument.defaultText, Self.matrix]
      .map { Array($0.utf8) }
    for _ in 0..<50 {
      let bytes = mutated(seeds.randomElement(using: &generator) ?? [], using: &generator)
      check { () throws(DocumentError) in try FederationDocument.parse(bytes, file: "f").warnings }
      check { () throws(DocumentError) in try ApplicationDocument.parse(bytes, file: "f").diagnostics }
      check { () throws(DocumentError) in try LabDocument.parse(bytes, file: "f").warnings }
      check { () throws(DocumentError) in
        try ApplicationDocument.parse(bytes, file: "f", against: federation).diagnostics
      }
      checkMatrix(bytes)
    }
  }

  @Test(arguments: Fixture.all(in: "../../../Fuzzing/Corpus/Federation"))
  func federationCorpus(_ fixture: Fixture) throws {
    let bytes = try fixture.bytes
    check { () throws(DocumentError) in try FederationDocument.parse(bytes, file: "f").warnings }
  }

  @Test(arguments: Fixture.all(in: "../../../Fuzzing/Corpus/Application"))
  func applicationCorpus(_ fixture: Fixture) throws {
    let bytes = try fixture.bytes
    check { () throws(DocumentError) in try ApplicationDocument.parse(bytes, file: "f").diagnostics }
  }

  @Test(arguments: Fixture.all(in: "../../../Fuzzing/Corpus/Scenario"))
  func scenarioCorpus(_ fixture: Fixture) throws {
    let bytes = try fixture.bytes
    check { () throws(DocumentError) in try ScenarioDocument.parse(bytes, file: "f").warnings }
  }

  /// One override a line.
  @Test(arguments: Fixture.all(in: "../../../Fuzzing/Corpus/Override"))
  func overrideCorpus(_ fixture: Fixture) throws {
    let lines = String(decoding: try fixture.bytes, as: UTF8.self).split(separator: "\n")
    let overrides = lines.compactMap { try? Override(String($0)) }
    check { () throws(DocumentError) in
      try FederationDocument.parse(Array(OverrideTests.federation.utf8), file: "f", overriding: overrides).warnings
    }
    check { () throws(DocumentError) in
      try ApplicationDocument.parse(Array(ExampleTests.application.utf8), file: "f", overriding: overrides).diagnostics
    }
  }

  @Test(arguments: Fixture.all(in: "../../../Fuzzing/Corpus/Matrix"))
  func matrixCorpus(_ fixture: Fixture) throws {
    try checkMatrix(fixture.bytes)
  }

  private static let matrix = #"""
    source,destination,packets,frame_bytes,ip_bytes,waits
    vm1,"vm ""2""",10,1400,1260,2.5
    10.0.0.1,vm1,1e3,2000,1000,0
    vm1,10.0.0.1,1,66,52,0

    """#

  private func check(_ parse: () throws(DocumentError) -> [Diagnostic]) {
    do {
      for diagnostic in try parse() { #expect(diagnostic.line > 0 && diagnostic.column > 0) }
    } catch {
      #expect(error.diagnostics.contains { $0.severity == .error } && error.diagnostics.count <= 50)
      for diagnostic in error.diagnostics {
        #expect(diagnostic.line > 0 && diagnostic.column > 0 && !diagnostic.message.contains("\n"))
      }
    }
  }

  /// The same in pieces as in one, and the same when it is written and read again.
  private func checkMatrix(_ bytes: [UInt8]) {
    let whole = Result { () throws(DocumentError) in try MatrixDocument.parse(bytes, file: "m") }
    let pieces = Result { () throws(DocumentError) in
      var reader = MatrixReader(file: "m")
      for start in stride(from: 0, to: bytes.count, by: 7) { reader.read(bytes[start..<min(start + 7, bytes.count)]) }
      return try reader.finish()
    }
    #expect(whole == pieces)
    if let matrix = try? whole.get() {
      #expect(throws: Never.self) {
        let again = try MatrixDocument.parse(MatrixDocument.text(of: matrix), file: "m")
        #expect(again == matrix)
      }
    }
  }

  /// Bytes with up to eight of them removed, doubled, replaced or moved, mostly by what means something in YAML or CSV.
  private func mutated(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    let telling = Array("\n\t \"',:-[]{}&*#|>!%@`?<0159eE.+\r\0".utf8) + [0x80, 0xc3, 0xff]
    for _ in 0..<Int.random(in: 1...8, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 1...12, using: &generator))
      let byte = telling.randomElement(using: &generator) ?? 0
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 2: bytes[place] = byte
      case 3: bytes.insert(byte, at: place)
      default: bytes.removeSubrange(end...)
      }
    }
    return bytes
  }
}

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014): the same numbers each run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
