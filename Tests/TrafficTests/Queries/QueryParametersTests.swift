import Model
import Testing
import Traffic

/// Names and values, as a URL or a command line has them: `name=value&name=value`.
@Suite struct QueryParametersTests {
  private func read(_ text: String) throws(QueryParameterError) -> QueryParameters {
    try QueryParameters(
      text.split(separator: "&").map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (name: parts[0], value: parts.count > 1 ? parts[1] : "")
      })
  }

  @Test func nothingIsTheDetailOfTheLastPeriod() throws {
    let query = try read("")
    #expect(query == QueryParameters())
    #expect(query.span == .last(1))
    #expect(query.answer == .detail)
    #expect(query.format == nil)
  }

  @Test func spans() throws {
    let start = try #require(Timestamp("2026-11-24T15:46:00Z"))
    #expect(try read("last=10").span == .last(10))
    #expect(try read("last=10m").span == .lasting(600_000_000_000))
    #expect(try read("last=1.5h").span == .lasting(5_400_000_000_000))
    #expect(try read("last=90s").span == .lasting(90_000_000_000))
    #expect(try read("start=2026-11-24T15:46:00Z").span == .interval(start: start, end: nil))
    #expect(
      try read("end=2026-11-24T15:46:30Z&start=2026-11-24T16:46:00+01:00").span
        == .interval(start: start, end: start.advanced(bySeconds: 30)))
    // No length is one: the period that contains it.
    #expect(
      try read("start=2026-11-24T15:46:00Z&end=2026-11-24T15:46:00Z").span == .interval(start: start, end: start))
  }

  @Test func answers() throws {
    #expect(try read("answer=mean").answer == .mean)
    #expect(try read("answer=weighted").answer == .coefficient(2))
    #expect(try read("coefficient=0.5").answer == .coefficient(0.5))
    #expect(try read("answer=weighted&weights=1,1,2,4&last=4").answer == .weights([1, 1, 2, 4]))
    // As many periods as weights, unless it is said.
    #expect(try read("weights=0,1.5,1e3").span == .last(3))
    #expect(try read("weights=1,2&last=1m").span == .lasting(60_000_000_000))
  }

  @Test func theRest() throws {
    let query = try read("wait=500ms&approximate&by=site&vm=vm1&host=a1&vm=vm2&site=a&application=cg&application=lu&format=xml")
    #expect(query.wait == 500_000_000)
    #expect(query.isApproximate)
    #expect(query.endpoints == .site)
    #expect(query.vms == ["vm1", "vm2"])
    #expect(query.hosts == ["a1"])
    #expect(query.sites == ["a"])
    #expect(query.applications == ["cg", "lu"])
    #expect(query.format == .xml)
    #expect(try !read("approximate=false").isApproximate)
  }

  @Test(
    arguments: [
      ("lst=10", "there is no parameter \"lst\": there are start, end, last"), ("last=1&last=2", "last is given twice"),
      ("last=0", "from 1 to 20,000"), ("last=-1", "from 1 to 20,000"), ("last=20001", "from 1 to 20,000"),
      ("last=soon", "last is \"soon\""), ("last=-5m", "length of time"), ("last=0s", "length of time"),
      ("last=1e400d", "length of time"), ("last=2&start=2026-11-24T15:46:00Z", "give last, or start and end"),
      ("end=2026-11-24T15:46:00Z", "end needs start"), ("start=yesterday", "with its zone"),
      ("start=2026-11-24T15:46:00", "with its zone"),
      ("start=2026-11-24T15:46:01Z&end=2026-11-24T15:46:00Z", "start is after end"), ("wait=-1s", "0 to 24h"),
      ("wait=25h", "0 to 24h"), ("wait=", "0 to 24h"), ("approximate=maybe", "give true or false"),
      ("answer=median", "give detail, mean or weighted"), ("answer=mean&coefficient=2", "go with answer weighted"),
      ("coefficient=2&weights=1", "give coefficient or weights"), ("coefficient=0", "a number above 0"),
      ("coefficient=nan", "a number above 0"), ("coefficient=inf", "a number above 0"), ("weights=1,-1", "0 or more"),
      ("weights=0,0", "not all 0"), ("weights=", "0 or more"), ("weights=1,,2", "0 or more"),
      ("weights=1&last=2", "weights has 1 for 2 periods"), ("by=vm", "give one of pair, host, site, application"),
      ("vm=", "vm is empty"), ("application=a&application=", "application is empty"), ("by=vm&by=host", "by is given twice"),
      ("format=table", "give one of json, csv, xml, gnuplot, dot"),
    ])
  func whatIsWrongIsSaid(_ text: String, _ words: String) {
    let error = #expect(throws: QueryParameterError.self) { try read(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func wordsAreForWhoeverWroteThem() {
    let error = #expect(throws: QueryParameterError.self) { try read("last=`\n`\u{1b}[31m") }
    let words = error?.description { "--\($0)" } ?? ""
    #expect(words.hasPrefix("--last is \"''[31m\": "), "\(words)")
    let long = #expect(throws: QueryParameterError.self) { try read("by=" + String(repeating: "x", count: 100_000)) }
    #expect((long?.description.utf8.count ?? .max) < 300)
  }
}
