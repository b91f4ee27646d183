import Capture
import Testing
import Traffic

@Suite struct ExampleTests {
  @Test(arguments: ["cg.A.8", "mg.A.8"])
  func everyPairAsTsharkCounts(name: String) throws {
    let capture = try CaptureFile(path: Fixtures.path("Examples/\(name).pcap.gz"))
    let analysis = try TraceAnalysis(reading: [capture])
    #expect(analysis.isComplete)
    let expected = try Fixtures.counted("\(name).csv")
    #expect(analysis.counts.rows.map(CountedRow.init).sorted() == expected)
  }
}
