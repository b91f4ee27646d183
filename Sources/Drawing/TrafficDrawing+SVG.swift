extension TrafficDrawing {
  /// A page in SVG 1.1 that needs nothing from elsewhere: title and facts, the matrix ordered by group, the graph, and
  /// the groups with their members.
  package func svg() -> String {
    let map = HeatMap(of: self).panel(of: self)
    let graph = GraphPicture(of: self).panel()
    let legend = groupLegend()
    let margin = Canvas.margin
    let gap = 56.0
    let top = margin + 34 + Double(facts.count) * 18 + 30
    let right = margin + map.width + gap
    let widest = facts.map { Canvas.width(of: $0, size: 13) }.max() ?? 0
    let width = max(right + max(graph.width, legend.width), margin + widest, 760) + margin
    let height = top + max(map.height, graph.height + 30 + legend.height) + margin

    var page = Canvas.page(width: width, height: height, title: title, description: description, facts: facts)
    if arcs.isEmpty {
      page.words("No traffic between endpoints.", at: Point(x: margin, y: top + 12), size: 14)
    } else {
      page.place(map, at: Point(x: margin, y: top), heading: "Who sends to whom")
      page.place(graph, at: Point(x: right, y: top), heading: "Who exchanges with whom")
      page.place(legend, at: Point(x: right, y: top + graph.height + 30), heading: nil)
    }
    page.close("svg")
    return page.text
  }

  /// The drawing in words, for those who don't see it.
  private var description: String {
    let sizes = (0..<groupCount).prefix(20).map { group in
      let members = names.indices.filter { groups[$0] == group }
      let shown = members.prefix(8).map { Text.shortened(names[$0], to: 40) }
      let more = members.count > 8 ? " and \(members.count - 8) more" : ""
      return "Group \(group + 1): \(shown.joined(separator: ", "))\(more)."
    }
    let heaviest = pairs.first.map { pair in
      " The heaviest pair is \(names[pair.source]) and \(names[pair.destination]) with "
        + "\(Figures.whole(pair.weight)) \(unit)."
    }
    return "Traffic matrix and graph of \(names.count) endpoints, \(pairs.count) pairs, \(groupCount) groups. "
      + sizes.joined(separator: " ") + (heaviest ?? "")
  }

  /// Colour, number and members of each group.
  private func groupLegend() -> Panel {
    var panel = Panel()
    var members = [[Int]](repeating: [], count: groupCount)
    var alone: [Int] = []
    for (index, group) in groups.enumerated() {
      if let group { members[group].append(index) } else { alone.append(index) }
    }
    var lines = members.enumerated().map { (Palette.group($0.offset), "group \($0.offset + 1)", $0.element) }
    if !alone.isEmpty { lines.append((Palette.ungrouped, "in no group", alone)) }
    for (colour, name, members) in lines.prefix(24) {
      let shown = members.prefix(6).map { Text.shortened(names[$0], to: 20) }.joined(separator: ", ")
      let words = "\(name) (\(members.count)): \(shown)\(members.count > 6 ? ", …" : "")"
      panel.canvas.circle(
        at: Point(x: 7, y: panel.height + 8), radius: 6, attributes: "fill=\"\(colour)\" stroke=\"\(Palette.text)\"")
      panel.canvas.words(words, at: Point(x: 20, y: panel.height + 12), size: 12)
      panel.width = max(panel.width, 20 + Canvas.width(of: words, size: 12))
      panel.height += 20
    }
    if lines.count > 24 {
      panel.canvas.words("and \(lines.count - 24) more", at: Point(x: 20, y: panel.height + 12), size: 12)
      panel.height += 20
    }
    return panel
  }
}

extension Canvas {
  fileprivate mutating func place(_ panel: Panel, at point: Point, heading: String?) {
    open("g transform=\"translate(\(Figures.pixels(point.x)) \(Figures.pixels(point.y)))\"")
    if let heading { words(heading, at: Point(y: -6), size: 14, attributes: "font-weight=\"bold\"") }
    append(panel.canvas)
    close("g")
  }
}
