import Drawing
import Model
import Testing

@Suite struct DOTTests {
  @Test func groupsAreClustersAndEdgesCarryExactWeights() {
    let drawing = TrafficDrawing(
      matrix: matrix([("a", "b", 9919), ("b", "a", 10053), ("b", "c", 0.25)]), measure: .messages,
      groups: [["a", "b"].map(Endpoint.init)], title: "t")
    let text = drawing.dot()
    #expect(text.hasPrefix("graph traffic {\n") && text.hasSuffix("}\n"))
    #expect(text.contains("subgraph cluster_1 {\n    label=\"group 1\""))
    #expect(text.contains("\"a\" -- \"b\" [messages=19972, weight=100, penwidth=6];"))
    #expect(text.contains("\"b\" -- \"c\" [messages=0.25, weight=1, penwidth=0.5];"))
    #expect(text.contains("\n  \"c\" [label=\"c\""))
  }

  @Test func emptyMatrix() {
    let text = TrafficDrawing(matrix: matrix([]), measure: .bytes, groups: [], title: "").dot()
    #expect(text.contains("label=\"\"") && !text.contains("--"))
  }
}
