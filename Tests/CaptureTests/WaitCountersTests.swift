import Capture
import Model
import Testing
import Traffic

@Suite struct WaitCountersTests {
  /// Every pair as another implementation counts it.
  @Test(arguments: ["cg.A.8", "mg.A.8"])
  func everyPairAsAnIndependentImplementation(name: String) throws {
    let capture = try CaptureFile(path: Fixtures.path("Examples/\(name).pcap.gz"))
    let rows = try TraceAnalysis(reading: [capture]).counts.rows.map { row in
      let counted = [row.counts.turns, row.counts.matched, row.counts.runs, row.counts.shares]
      return CountedRow(["\(row.source)", "\(row.destination)"] + counted.map(String.init))
    }
    #expect(try rows.sorted() == Fixtures.counted("../waits/\(name).csv"))
  }
}
