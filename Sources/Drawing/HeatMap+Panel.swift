extension HeatMap {
  /// The matrix with its names, and its scale below.
  func panel(of drawing: TrafficDrawing) -> Panel {
    let isNamed = !isAggregated
    let side = isNamed ? min(max(480 / Double(bins.count), 10), 56) : max(800 / Double(bins.count), 2)
    let size = min(12, max(8.5, side * 0.8))
    let names = isNamed ? drawing.names.map { Text.shortened($0, to: 24) } : []
    let room = names.map { Canvas.width(of: $0, size: size) }.max() ?? 40
    let origin = Point(x: room + 22, y: room + 22)
    let extent = side * Double(bins.count)
    var panel = Panel(width: origin.x + extent + 2, height: origin.y + extent)

    panel.canvas.rectangle(
      x: origin.x, y: origin.y, width: extent, height: extent, attributes: "fill=\"#fafbfc\" stroke=\"none\"")
    drawCells(on: &panel.canvas, drawing, origin, side)
    for (index, name) in names.enumerated() {
      let middle = (Double(index) + 0.5) * side
      panel.canvas.words(
        name, at: Point(x: origin.x - 16, y: origin.y + middle + size * 0.35), size: size, anchor: .end)
      panel.canvas.words(
        name, at: Point(x: origin.x + middle + size * 0.35, y: origin.y - 16), size: size, turn: -90)
    }
    drawBlocks(on: &panel.canvas, origin, side, isNamed: isNamed)
    panel.canvas.rectangle(
      x: origin.x, y: origin.y, width: extent, height: extent,
      attributes: "fill=\"none\" stroke=\"\(Palette.quiet)\"")
    drawScale(on: &panel, drawing, at: Point(x: origin.x, y: panel.height + 20))
    return panel
  }

  private func drawCells(on canvas: inout Canvas, _ drawing: TrafficDrawing, _ origin: Point, _ side: Double) {
    let place = "translate(\(Figures.pixels(origin.x)) \(Figures.pixels(origin.y))) scale(\(side))"
    canvas.open("g transform=\"\(place)\" shape-rendering=\"crispEdges\"")
    for index in bins.indices where bins[index].count == 1 {
      canvas.rectangle(
        x: Double(index), y: Double(index), width: 1, height: 1, attributes: "fill=\"\(Palette.faint)\"")
    }
    for cell in cells {
      canvas.rectangle(
        x: Double(cell.destination), y: Double(cell.source), width: 1, height: 1,
        attributes: "fill=\"\(Palette.heat(share(of: cell.weight)))\"", hint: hint(of: cell, drawing))
    }
    canvas.close("g")
  }

  private func hint(of cell: TrafficDrawing.Arc, _ drawing: TrafficDrawing) -> String? {
    if isAggregated { return nil }
    let (source, destination) = (drawing.names[cell.source], drawing.names[cell.destination])
    let who = cell.source == cell.destination ? "inside \(source)" : "\(source) → \(destination)"
    return "\(who): \(Figures.whole(cell.weight)) \(drawing.unit)"
  }

  /// A strip in the colour of each group beside rows and columns, and lines between groups.
  private func drawBlocks(on canvas: inout Canvas, _ origin: Point, _ side: Double, isNamed: Bool) {
    let extent = side * Double(bins.count)
    for block in blocks {
      let start = Double(block.bins.lowerBound) * side
      let length = Double(block.bins.count) * side
      let fill = "fill=\"\(block.group.map(Palette.group) ?? Palette.ungrouped)\""
      canvas.rectangle(x: origin.x - 10, y: origin.y + start, width: 6, height: length, attributes: fill)
      canvas.rectangle(x: origin.x + start, y: origin.y - 10, width: length, height: 6, attributes: fill)
      if block.bins.lowerBound > 0 {
        let stroke = "stroke=\"\(Palette.text)\" stroke-width=\"\(Figures.pixels(min(1.2, side * 0.15)))\""
        canvas.line(
          from: origin + Point(x: 0, y: start), to: origin + Point(x: extent, y: start), attributes: stroke)
        canvas.line(
          from: origin + Point(x: start, y: 0), to: origin + Point(x: start, y: extent), attributes: stroke)
      }
      if !isNamed, length >= 10 {
        let name = block.group.map { "\($0 + 1)" } ?? "none"
        let middle = start + length / 2
        canvas.words(
          name, at: origin + Point(x: -14, y: middle + 4), size: 10, anchor: .end,
          attributes: "fill=\"\(Palette.quiet)\"")
        canvas.words(
          name, at: origin + Point(x: middle, y: -14), size: 10, anchor: .middle,
          attributes: "fill=\"\(Palette.quiet)\"")
      }
    }
  }

  private func drawScale(on panel: inout Panel, _ drawing: TrafficDrawing, at corner: Point) {
    let width = min(panel.width - corner.x, 360)
    let quiet = "fill=\"\(Palette.quiet)\""
    let what = isAggregated ? "\(drawing.unit), mean per pair" : drawing.unit
    let caption = "\(what), from row to column (logarithmic)"
    panel.canvas.words(caption, at: corner + Point(y: 4), size: 11, attributes: quiet)
    // Of a small matrix it is wider than the matrix.
    panel.width = max(panel.width, corner.x + Canvas.width(of: caption, size: 11))
    let steps = least < most ? 60 : 1
    for step in 0..<steps {
      let share = steps == 1 ? 1 : Double(step) / Double(steps - 1)
      panel.canvas.rectangle(
        x: corner.x + width * Double(step) / Double(steps), y: corner.y + 12, width: width / Double(steps) + 0.3,
        height: 12, attributes: "fill=\"\(Palette.heat(share))\"")
    }
    for tick in ticks {
      let x = corner.x + width * (least < most ? share(of: tick) : 0.5)
      panel.canvas.line(
        from: Point(x: x, y: corner.y + 24), to: Point(x: x, y: corner.y + 29),
        attributes: "stroke=\"\(Palette.quiet)\"")
      panel.canvas.words(
        drawing.amount(tick), at: Point(x: x, y: corner.y + 41), size: 11, anchor: .middle, attributes: quiet)
    }
    panel.height = corner.y + 46
  }

  /// Powers of ten on the scale; where there are fewer than two, its ends.
  private var ticks: [Double] {
    guard least < most else { return [most] }
    let span = Figures.log(most) - Figures.log(least)
    let stride = max(1, (span / 7).rounded(.up))
    var powers: [Double] = []
    var exponent = Figures.log(least).rounded(.up)
    while exponent <= Figures.log(most), powers.count < 9 {
      powers.append(Figures.power(ofTen: exponent))
      exponent += stride
    }
    return powers.count < 2 ? [least, most] : powers
  }
}
