import Model

extension TrafficDrawing {
  /// An undirected graph in the DOT language, each group a cluster. Edges carry the exact weight under the measure's
  /// name (`messages` or `bytes`), and a width and a layout weight that follow from it.
  package func dot() -> String {
    var text = """
      graph traffic {
        graph [label=\(Text.dotLabel(title)), labelloc=t, layout=fdp, overlap=false, splines=true];
        graph [fontname="sans-serif"];
        node [shape=box, style="rounded,filled", fillcolor=white, penwidth=2.5];
        node [fontname="sans-serif", fontsize=10];
        edge [color="#555555"];

      """
    for group in 0..<groupCount {
      let colour = Palette.group(group)
      text += "  subgraph cluster_\(group + 1) {\n"
      text += "    label=\"group \(group + 1)\"; color=\"\(colour)\";\n"
      for index in names.indices where groups[index] == group { text += "    " + dotNode(index, colour) }
      text += "  }\n"
    }
    for index in names.indices where groups[index] == nil { text += "  " + dotNode(index, Palette.ungrouped) }
    let identifiers = names.map(Text.dotIdentifier)
    let heaviest = pairs.first?.weight ?? 1
    for pair in pairs {
      let share = pair.weight / heaviest
      text += "  \(identifiers[pair.source]) -- \(identifiers[pair.destination]) [\(measure.rawValue)="
      text += "\(Figures.plain(pair.weight)), weight=\(Int((1 + 99 * share).rounded())), "
      text += "penwidth=\(Figures.pixels(0.5 + 5.5 * share.squareRoot()))];\n"
    }
    return text + "}\n"
  }

  private func dotNode(_ index: Int, _ colour: String) -> String {
    let name = names[index]
    return "\(Text.dotIdentifier(name)) [label=\(Text.dotLabel(name)), color=\"\(colour)\"];\n"
  }
}
