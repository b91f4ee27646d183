extension GraphLayout {
  /// At most so many edges are drawn.
  static let edgeLimit = 2000

  /// The graph with, below it, what its lines mean and who is in which group.
  func panel(of drawing: TrafficDrawing, pairs: ArraySlice<TrafficDrawing.Arc>) -> Panel {
    var panel = Panel(width: max(size.x, 420), height: size.y)
    let left = (panel.width - size.x) / 2
    panel.canvas.open("g transform=\"translate(\(Figures.pixels(left)) 0)\"")
    let heaviest = pairs.first?.weight ?? 1
    // The lightest first: heavy edges lie on top.
    for pair in pairs.reversed() {
      let group = drawing.groups[pair.source]
      let isInside = group == drawing.groups[pair.destination]
      let colour = isInside ? group.map(Palette.group) ?? Palette.ungrouped : Palette.quiet
      let share = pair.weight / heaviest
      let stroke = "stroke=\"\(colour)\" stroke-width=\"\(Figures.pixels(Self.width(of: share)))\""
      let opacity = Figures.pixels(0.3 + 0.6 * share.squareRoot())
      panel.canvas.line(
        from: places[pair.source], to: places[pair.destination],
        attributes: "\(stroke) stroke-opacity=\"\(opacity)\"", hint: hint(of: pair, drawing))
    }
    for ring in rings { draw(ring, drawing, on: &panel.canvas) }
    panel.canvas.close("g")
    drawScale(on: &panel, drawing, pairs)
    return panel
  }

  private static func width(of share: Double) -> Double { 0.5 + 5.5 * share.squareRoot() }

  private func hint(of pair: TrafficDrawing.Arc, _ drawing: TrafficDrawing) -> String {
    let (one, other) = (drawing.names[pair.source], drawing.names[pair.destination])
    return "\(one) – \(other): \(Figures.whole(pair.weight)) \(drawing.unit)"
  }

  private func draw(_ ring: Ring, _ drawing: TrafficDrawing, on canvas: inout Canvas) {
    let colour = ring.group.map(Palette.group) ?? Palette.ungrouped
    let radius = isNamed ? 7.0 : min(3, max(1.2, ring.radius / 8))
    let outline = isNamed ? " stroke=\"\(Palette.text)\" stroke-width=\"1\"" : ""
    for member in ring.members {
      let name = drawing.names[member]
      canvas.circle(at: places[member], radius: radius, attributes: "fill=\"\(colour)\"\(outline)", hint: name)
      if isNamed { draw(Text.shortened(name, to: 20), at: places[member], of: ring, on: &canvas) }
    }
    if !isNamed, ring.radius >= 12 {
      canvas.words(
        ring.group.map { "\($0 + 1)" } ?? "none", at: ring.centre + Point(y: 4), size: 12, anchor: .middle,
        attributes: Self.halo + " font-weight=\"bold\"")
    }
  }

  /// Keeps words readable where lines run under them.
  private static let halo = "stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""

  /// Above or below the vertex where the ring is small, else along the ray from the ring's centre.
  private func draw(_ name: String, at place: Point, of ring: Ring, on canvas: inout Canvas) {
    let ray = place - ring.centre
    if ring.members.count <= 8 {
      let isAbove = ray.y < 1
      let anchor: Canvas.Anchor = ray.x > ring.radius * 0.3 ? .start : ray.x < -ring.radius * 0.3 ? .end : .middle
      let shift = anchor == .start ? -4.0 : anchor == .end ? 4 : 0
      canvas.words(
        name, at: place + Point(x: shift, y: isAbove ? -11 : 19), size: 11, anchor: anchor, attributes: Self.halo)
      return
    }
    let isLeft = ray.x < 0
    let start = place + ray * (11 / max(ring.radius, 1))
    let turn = Figures.degrees(of: ray) + (isLeft ? 180 : 0)
    canvas.words(
      name, at: start + Figures.point(distance: 3.5, turns: turn / 360 + 0.25), size: 10, anchor: isLeft ? .end : .start,
      turn: turn, attributes: Self.halo)
  }

  private func drawScale(on panel: inout Panel, _ drawing: TrafficDrawing, _ pairs: ArraySlice<TrafficDrawing.Arc>) {
    let quiet = "fill=\"\(Palette.quiet)\""
    var y = panel.height + 24
    guard let heaviest = pairs.first?.weight else { return }
    var x = 0.0
    for share in [1, 0.25, 0.01] {
      panel.canvas.line(
        from: Point(x: x, y: y), to: Point(x: x + 28, y: y),
        attributes: "stroke=\"\(Palette.quiet)\" stroke-width=\"\(Figures.pixels(Self.width(of: share)))\"")
      let words = Figures.short(heaviest * share)
      panel.canvas.words(words, at: Point(x: x + 34, y: y + 4), size: 11, attributes: quiet)
      x += 34 + Canvas.width(of: words, size: 11) + 18
    }
    panel.canvas.words("\(drawing.unit), both ways", at: Point(x: x - 6, y: y + 4), size: 11, attributes: quiet)
    if pairs.count < drawing.pairs.count {
      let share = pairs.reduce(0) { $0 + $1.weight } / drawing.pairs.reduce(0) { $0 + $1.weight }
      let percent = Figures.short((share * 1000).rounded() / 10)
      y += 20
      panel.canvas.words(
        "Drawn: the \(Figures.whole(Double(pairs.count))) heaviest of \(Figures.whole(Double(drawing.pairs.count))) "
          + "pairs, with \(percent) % of the \(drawing.unit).", at: Point(x: 0, y: y), size: 11, attributes: quiet)
    }
    panel.height = y + 8
  }
}
