import Drawing
import Model
import Testing

@Suite struct SVGTests {
  @Test func everyRowIsACellAndEveryPairALine() {
    let matrix = matrix([("a", "b", 9919), ("b", "a", 10053), ("b", "c", 7), ("c", "d", 0)])
    let drawing = TrafficDrawing(
      matrix: matrix, measure: .messages, groups: [["a", "b"].map(Endpoint.init), [Endpoint("c")]],
      title: "Traffic of x.pcap", facts: ["three packets"])
    let document = SVGDocument(drawing.svg())
    #expect(document.isWellFormed)
    #expect(document.named("title").first?.text == "Traffic of x.pcap")
    #expect(document.words.contains("three packets"))
    let cells = document.hints.filter { $0.contains("→") }
    #expect(cells.sorted() == ["a → b: 9,919 packets", "b → a: 10,053 packets", "b → c: 7 packets"])
    let lines = document.hints.filter { $0.contains("–") }
    #expect(lines == ["b – c: 7 packets", "a – b: 19,972 packets"])
    #expect(document.words.contains("group 1 (2): a, b"))
    #expect(document.words.contains("in no group (1): d"))
  }

  /// Of sites: what stays inside one is on the diagonal, also of one that no other hears of; it is no line.
  @Test func whatStaysInsideIsOnTheDiagonal() {
    let inside = [("a", 500.0), ("c", 7), ("d", 0)].map { row(Endpoint($0.0), Endpoint($0.0), $0.1) }
    let drawing = TrafficDrawing(
      matrix: matrix([("a", "b", 9919)]), inside: inside, measure: .messages, groups: [], title: "t")
    let document = SVGDocument(drawing.svg())
    #expect(document.isWellFormed)
    let within = document.hints.filter { $0.contains("inside") }.sorted()
    #expect(within == ["inside a: 500 packets", "inside c: 7 packets"])
    #expect(document.hints.filter { $0.contains("–") } == ["a – b: 9,919 packets"])
    #expect(document.words.contains("in no group (4): a, b, c, d"))
    let alone = SVGDocument(
      TrafficDrawing(matrix: matrix([]), inside: inside, measure: .messages, groups: [], title: "t").svg())
    #expect(alone.isWellFormed && alone.hints.contains("inside c: 7 packets"))
  }

  @Test func bytesHaveTheirUnit() {
    let drawing = TrafficDrawing(
      matrix: matrix([("a", "b", 1), ("b", "a", 12_345)]), measure: .bytes, groups: [], title: "")
    let document = SVGDocument(drawing.svg())
    #expect(document.hints.contains("b → a: 12,345,000 IP bytes"))
    #expect(document.words.contains("12.3 MB"))
  }

  @Test(arguments: [2, 3, 8, 30, 100, 200])
  func namesAreWrittenAndNothingOverlapsOrLeavesThePage(count: Int) {
    let (matrix, groups) = groupedMatrix(count: count, size: min(count, 10))
    let document = SVGDocument(
      TrafficDrawing(matrix: matrix, measure: .messages, groups: groups, title: "t").svg())
    #expect(document.isWellFormed)
    let words = document.words
    for index in 0..<count { #expect(words.count { $0 == "vm-\(index)" } == 3) }

    let page = document.elements[0]
    let circles = document.named("circle").filter { $0.attributes["r"] == "7" }
      .map { (x: $0.origin.x + $0.number("cx"), y: $0.origin.y + $0.number("cy")) }
    #expect(circles.count == count)
    for (index, one) in circles.enumerated() {
      #expect(one.x > 7 && one.x < page.number("width") - 7 && one.y > 7 && one.y < page.number("height") - 7)
      for other in circles[..<index] {
        #expect((one.x - other.x) * (one.x - other.x) + (one.y - other.y) * (one.y - other.y) > 14 * 14)
      }
    }
    for text in document.named("text") {
      let size = text.number("font-size")
      #expect(size >= 8.5)
    }
    // In Helvetica a character of 11 is 5.6 wide, on the mean of this text.
    let scale = document.named("text").first { $0.text.hasSuffix("(logarithmic)") }
    let graph = document.named("text").first { $0.text == "Who exchanges with whom" }
    if let scale, let graph {
      #expect(scale.origin.x + scale.number("x") + 5.6 * Double(scale.text.count) < graph.origin.x + graph.number("x"))
    } else {
      Issue.record("\(words)")
    }
  }

  @Test(arguments: [201, 1000, 10_000])
  func manyAreDrawnInBlocksWithTheHeaviestEdges(count: Int) {
    let (matrix, groups) = groupedMatrix(count: count, size: 20)
    let text = TrafficDrawing(matrix: matrix, measure: .messages, groups: groups, title: "t").svg()
    let document = SVGDocument(text)
    #expect(document.isWellFormed)
    #expect(text.utf8.count < 8_000_000)
    #expect(!document.words.contains("vm-1"))
    #expect(document.named("line").count { $0.attributes["stroke-opacity"] != nil } <= 2120)
    #expect(document.words.contains { $0.hasPrefix("Lines: the ") })
  }

  @Test func emptyMatrix() {
    let drawing = TrafficDrawing(matrix: matrix([]), measure: .messages, groups: [], title: "nothing")
    let document = SVGDocument(drawing.svg())
    #expect(document.isWellFormed)
    #expect(document.words.contains("No traffic between endpoints."))
  }

  @Test func figuresOfAnySize() {
    let rows: [(String, String, Double)] = [
      ("a", "b", 1e308), ("b", "a", 1e308), ("a", "c", .leastNonzeroMagnitude), ("c", "a", .infinity), ("b", "c", .nan),
    ]
    for measure in Measure.allCases {
      let text = TrafficDrawing(matrix: matrix(rows), measure: measure, groups: [], title: "t").svg()
      #expect(SVGDocument(text).isWellFormed)
      #expect(!text.contains("\"nan") && !text.contains("\"inf"))
    }
  }

  @Test func sameValuesSameText() {
    let (matrix, groups) = groupedMatrix(count: 60, size: 7)
    let text = TrafficDrawing(matrix: matrix, measure: .bytes, groups: groups, title: "t").svg()
    let reversed = TrafficMatrix(rows: matrix.rows.reversed(), hasWaits: false)
    #expect(TrafficDrawing(matrix: reversed, measure: .bytes, groups: groups, title: "t").svg() == text)
  }
}
