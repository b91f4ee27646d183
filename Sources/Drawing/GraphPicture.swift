/// The graph: a circle for each endpoint, a line for each pair, wider for more.
///
/// With names it has lines within and between groups. Beyond 200 endpoints names are left out, lines stay within
/// groups, and bands between the groups stand for all that runs between two of them.
struct GraphPicture {
  let drawing: TrafficDrawing
  /// Those that are drawn as lines, heaviest first.
  let lines: [TrafficDrawing.Arc]
  /// How many there would be.
  let lineCount: Int
  /// Between rings of the layout, heaviest first.
  let bands: [TrafficDrawing.Arc]
  let bandCount: Int
  let layout: GraphLayout

  static let lineLimit = 2000
  static let bandLimit = 120

  init(of drawing: TrafficDrawing) {
    self.drawing = drawing
    let isNamed = drawing.names.count <= HeatMap.labelled
    let candidates =
      isNamed ? drawing.pairs : drawing.pairs.filter { drawing.groups[$0.source] == drawing.groups[$0.destination] }
    lines = Array(candidates.prefix(Self.lineLimit))
    lineCount = candidates.count
    layout = GraphLayout(of: drawing, pairs: lines)
    let groups = isNamed ? [] : Self.bands(of: drawing, layout)
    bands = Array(groups.prefix(Self.bandLimit))
    bandCount = groups.count
  }

  private static func bands(of drawing: TrafficDrawing, _ layout: GraphLayout) -> [TrafficDrawing.Arc] {
    var sums: [Int: Double] = [:]
    let count = layout.rings.count
    let ringOf = layout.ringOfVertex
    for pair in drawing.pairs {
      let (one, other) = (ringOf[pair.source], ringOf[pair.destination])
      if one != other { sums[min(one, other) * count + max(one, other), default: 0] += pair.weight }
    }
    return sums.map { TrafficDrawing.Arc(source: $0.key / count, destination: $0.key % count, weight: $0.value) }
      .sorted { ($1.weight, $0.source, $0.destination) < ($0.weight, $1.source, $1.destination) }
  }

  /// With, below it, what its lines mean.
  func panel() -> Panel {
    var panel = Panel(width: max(layout.size.x, 420), height: layout.size.y)
    let left = (panel.width - layout.size.x) / 2
    panel.canvas.open("g transform=\"translate(\(Figures.pixels(left)) 0)\"")
    drawBands(on: &panel.canvas)
    for ring in layout.rings where !layout.isNamed {
      panel.canvas.circle(at: ring.centre, radius: ring.radius, attributes: "fill=\"#ffffff\" fill-opacity=\"0.85\"")
    }
    drawLines(on: &panel.canvas)
    for ring in layout.rings { draw(ring, on: &panel.canvas) }
    panel.canvas.close("g")
    drawScale(on: &panel)
    return panel
  }

  static func lineWidth(of share: Double) -> Double { 0.5 + 5.5 * share.squareRoot() }
  static func bandWidth(of share: Double) -> Double { 0.5 + 11.5 * share.squareRoot() }

  /// The lightest first: what is heavy lies on top.
  private func drawLines(on canvas: inout Canvas) {
    let heaviest = lines.first?.weight ?? 1
    for line in lines.reversed() {
      let group = drawing.groups[line.source]
      let isInside = group == drawing.groups[line.destination]
      let colour = isInside ? group.map(Palette.group) ?? Palette.ungrouped : Palette.quiet
      let share = line.weight / heaviest
      let width = Figures.pixels(Self.lineWidth(of: share) * (layout.isNamed ? 1 : 0.4))
      let opacity = Figures.pixels(0.3 + 0.6 * share.squareRoot())
      let (one, other) = (drawing.names[line.source], drawing.names[line.destination])
      canvas.line(
        from: layout.places[line.source], to: layout.places[line.destination],
        attributes: "stroke=\"\(colour)\" stroke-width=\"\(width)\" stroke-opacity=\"\(opacity)\"",
        hint: "\(one) – \(other): \(Figures.whole(line.weight)) \(drawing.unit)")
    }
  }

  private func drawBands(on canvas: inout Canvas) {
    let heaviest = bands.first?.weight ?? 1
    for band in bands.reversed() {
      let (one, other) = (layout.rings[band.source], layout.rings[band.destination])
      let width = Figures.pixels(Self.bandWidth(of: band.weight / heaviest))
      canvas.line(
        from: one.centre, to: other.centre,
        attributes: "stroke=\"\(Palette.ungrouped)\" stroke-width=\"\(width)\" stroke-opacity=\"0.6\"",
        hint: "\(one.name) – \(other.name): \(Figures.whole(band.weight)) \(drawing.unit)")
    }
  }
}

extension GraphLayout {
  var ringOfVertex: [Int] {
    var ringOf = [Int](repeating: 0, count: places.count)
    for (index, ring) in rings.enumerated() {
      for member in ring.members { ringOf[member] = index }
    }
    return ringOf
  }
}

extension GraphLayout.Ring {
  var name: String { group.map { "group \($0 + 1)" } ?? "in no group" }
}
