import Drawing
import Model
import Testing

@Suite struct TimelineTests {
  private func drawing(_ bars: [TimelineDrawing.Bar], facts: [String] = []) -> TimelineDrawing {
    TimelineDrawing(title: "Moves of cg", facts: facts, bars: bars) { "\($0) s" }
  }

  @Test func everyMoveIsABarInItsTime() {
    let document = SVGDocument(
      drawing(
        [
          .init(name: "vm1", from: "a1", to: "b1", link: "a → b", start: 0, end: 20),
          .init(name: "vm2", from: "a2", to: "b2", link: "a → b", start: 20, end: 30),
          .init(name: "vm3", from: "b1", to: "a1", link: "b → a", start: 0, end: 40),
        ], facts: ["The moves take 40 s."]
      ).svg())
    #expect(document.isWellFormed)
    #expect(document.named("title").first?.text == "Moves of cg")
    #expect(
      document.hints == [
        "vm1 from a1 to b1: 0.0 s to 20.0 s", "vm2 from a2 to b2: 20.0 s to 30.0 s",
        "vm3 from b1 to a1: 0.0 s to 40.0 s",
      ])
    for words in ["The moves take 40 s.", "vm2", "a2 → b2", "a → b", "b → a", "20.0 s"] {
      #expect(document.words.contains(words), "\(words)")
    }
    // Page, three bars, two links; half of the time is half as wide, and begins where the other ends.
    let bars = document.named("rect").dropFirst().prefix(3).map { ($0.number("x"), $0.number("width")) }
    #expect(abs(bars[0].1 - 2 * bars[1].1) < 0.2 && abs(bars[0].0 + bars[0].1 - bars[1].0) < 0.2)
    #expect(abs(bars[2].1 - 2 * bars[0].1) < 0.2)
    let colours = document.named("rect").dropFirst().prefix(3).map { $0.attributes["fill"] }
    #expect(colours[0] == colours[1] && colours[0] != colours[2])
    // Nothing leaves the page.
    let width = document.elements[0].number("width")
    #expect(document.named("rect").allSatisfy { $0.number("x") + $0.number("width") <= width })
  }

  @Test func noMovesAreSaid() {
    let document = SVGDocument(drawing([]).svg())
    #expect(document.isWellFormed && document.words.contains("No moves."))
  }

  @Test func aThousandMovesAreNotAllDrawn() {
    let bars = (0..<1000).map {
      TimelineDrawing.Bar(name: "vm\($0)", from: "a", to: "b", link: "a → b", start: Double($0), end: Double($0) + 1)
    }
    let document = SVGDocument(drawing(bars).svg())
    #expect(document.hints.count == 200 && document.words.contains("and 800 more moves"))
  }

  @Test func namesStayWords() {
    let bars = HostileNameTests.names.map {
      TimelineDrawing.Bar(name: $0, from: $0, to: $0, link: $0, start: 0, end: 1)
    }
    let document = SVGDocument(drawing(bars, facts: HostileNameTests.names).svg())
    #expect(document.isWellFormed)
    let known: Set<String> = ["svg", "title", "desc", "rect", "line", "text"]
    #expect(Set(document.elements.map(\.name)).isSubset(of: known))
  }
}
