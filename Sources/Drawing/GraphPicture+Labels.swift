extension GraphPicture {
  func draw(_ ring: GraphLayout.Ring, on canvas: inout Canvas) {
    let colour = ring.group.map(Palette.group) ?? Palette.ungrouped
    if layout.isNamed {
      for member in ring.members {
        let attributes = "fill=\"\(colour)\" stroke=\"\(Palette.text)\" stroke-width=\"1\""
        canvas.circle(at: layout.places[member], radius: 7, attributes: attributes, hint: drawing.names[member])
        draw(Text.shortened(drawing.names[member], to: 20), at: layout.places[member], of: ring, on: &canvas)
      }
      return
    }
    for member in ring.members {
      canvas.circle(
        at: layout.places[member], radius: min(3, max(1.2, ring.radius / 8)), attributes: "fill=\"\(colour)\"",
        hint: drawing.names[member])
    }
    if ring.radius >= 12 {
      let number = ring.group.map { "\($0 + 1)" } ?? "none"
      canvas.words(
        number, at: ring.centre + Point(y: 4), size: 12, anchor: .middle,
        attributes: Self.halo + " font-weight=\"bold\"")
    }
  }

  /// Keeps words readable where lines run under them.
  private static let halo = "stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""

  /// Above or below the vertex where the ring is small, else along the ray from the ring's centre.
  private func draw(_ name: String, at place: Point, of ring: GraphLayout.Ring, on canvas: inout Canvas) {
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
      name, at: start + Figures.point(distance: 3.5, turns: turn / 360 + 0.25), size: 10,
      anchor: isLeft ? .end : .start, turn: turn, attributes: Self.halo)
  }

  /// Sample lines with their weights, and what was left out.
  func drawScale(on panel: inout Panel) {
    var y = panel.height + 24
    if let heaviest = lines.first?.weight, layout.isNamed {
      drawSamples(of: heaviest, width: Self.lineWidth, "both ways", at: y, on: &panel.canvas)
      y += 20
    }
    if let heaviest = bands.first?.weight {
      let cut = bands.count < bandCount ? ", the \(bands.count) heaviest of \(Figures.whole(Double(bandCount)))" : ""
      drawSamples(of: heaviest, width: Self.bandWidth, "between two groups\(cut)", at: y, on: &panel.canvas)
      y += 20
    }
    if lines.count < lineCount || !layout.isNamed {
      let drawn = lines.reduce(0) { $0 + $1.weight }
      let all = drawing.pairs.reduce(0) { $0 + $1.weight }
      let percent = Figures.short(all > 0 ? (drawn / all * 1000).rounded() / 10 : 0)
      let which = layout.isNamed ? "pairs" : "pairs inside groups"
      panel.canvas.words(
        "Lines: the \(Figures.whole(Double(lines.count))) heaviest of \(Figures.whole(Double(lineCount))) \(which), "
          + "\(percent) % of all \(drawing.unit).", at: Point(x: 0, y: y + 4), size: 11,
        attributes: "fill=\"\(Palette.quiet)\"")
      y += 20
    }
    panel.height = y - 8
  }

  private func drawSamples(
    of heaviest: Double, width: (Double) -> Double, _ meaning: String, at y: Double, on canvas: inout Canvas
  ) {
    var x = 0.0
    let quiet = "fill=\"\(Palette.quiet)\""
    for share in [1, 0.25, 0.01] where share == 1 || heaviest * share >= 1 {
      canvas.line(
        from: Point(x: x, y: y), to: Point(x: x + 28, y: y),
        attributes: "stroke=\"\(Palette.quiet)\" stroke-width=\"\(Figures.pixels(width(share)))\"")
      let words = drawing.amount(heaviest * share)
      canvas.words(words, at: Point(x: x + 34, y: y + 4), size: 11, attributes: quiet)
      x += 34 + Canvas.width(of: words, size: 11) + 18
    }
    canvas.words("\(drawing.unit) \(meaning)", at: Point(x: x - 6, y: y + 4), size: 11, attributes: quiet)
  }
}
