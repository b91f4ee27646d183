internal import Model

/// Lines over one axis, each with its name: how figures grow in time. The same values give the same text.
package struct LineChart: Sendable {
  package struct Series: Sendable {
    package var name: String
    /// By rising x.
    package var points: [(x: Double, y: Double)]

    package init(name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  let title: String
  /// Lines below the title.
  let facts: [String]
  /// What the axes are, with units.
  let axes: (x: String, y: String)
  let series: [Series]

  /// - Parameter series: at most as many as there are colours, 21; finite figures, those below 0 drawn as 0.
  package init(title: String, facts: [String] = [], axes: (x: String, y: String), series: [Series]) {
    self.title = title
    self.facts = facts.map { Text.shortened($0, to: 200) }
    self.axes = axes
    self.series = series
  }

  private static let plot = (left: 90.0, width: 640.0, height: 360.0)

  /// A page in SVG 1.1 that needs nothing from elsewhere.
  package func svg() -> String {
    let margin = 28.0
    let top = margin + 34 + Double(facts.count) * 18 + 16
    let legend = series.map { Canvas.width(of: Text.shortened($0.name, to: 30), size: 13) }.max() ?? 0
    let width = max(Self.plot.left + Self.plot.width + 60 + legend + margin, 760)
    let height = top + Self.plot.height + 56 + margin
    var page = Canvas()
    let size = "width=\"\(Figures.pixels(width))\" height=\"\(Figures.pixels(height))\""
    page.open(
      "svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" \(size) "
        + "viewBox=\"0 0 \(Figures.pixels(width)) \(Figures.pixels(height))\" role=\"img\" "
        + "aria-labelledby=\"title description\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" "
        + "fill=\"\(Palette.text)\"")
    page.element("title", id: "title", title)
    page.element("desc", id: "description", description)
    page.rectangle(x: 0, y: 0, width: width, height: height, attributes: "fill=\"#ffffff\"")
    page.words(
      Text.shortened(title, to: 64), at: Point(x: margin, y: margin + 18), size: 20, attributes: "font-weight=\"bold\"")
    for (line, fact) in facts.enumerated() {
      let place = Point(x: margin, y: margin + 42 + Double(line) * 18)
      page.words(fact, at: place, size: 13, attributes: "fill=\"\(Palette.quiet)\"")
    }
    draw(on: &page, top: top)
    page.close("svg")
    return page.text
  }

  private func draw(on page: inout Canvas, top: Double) {
    let (left, width, height) = Self.plot
    let xs = Scale(upTo: series.flatMap(\.points).map(\.x).max() ?? 1)
    let ys = Scale(upTo: series.flatMap(\.points).map(\.y).max() ?? 1)
    func place(_ x: Double, _ y: Double) -> Point {
      Point(x: left + min(max(x / xs.end, 0), 1) * width, y: top + height - min(max(y / ys.end, 0), 1) * height)
    }
    for tick in ys.ticks {
      let start = place(0, tick)
      page.line(from: start, to: Point(x: left + width, y: start.y), attributes: "stroke=\"\(Palette.faint)\"")
      page.words(Numeral.significant(tick), at: Point(x: left - 8, y: start.y + 4), size: 12, anchor: .end)
    }
    for tick in xs.ticks {
      let start = place(tick, 0)
      page.line(from: start, to: Point(x: start.x, y: start.y + 5), attributes: "stroke=\"\(Palette.quiet)\"")
      page.words(Numeral.significant(tick), at: Point(x: start.x, y: start.y + 20), size: 12, anchor: .middle)
    }
    page.line(from: place(0, 0), to: place(xs.end, 0), attributes: "stroke=\"\(Palette.quiet)\"")
    page.words(axes.x, at: Point(x: left + width / 2, y: top + height + 44), size: 13, anchor: .middle)
    page.words(axes.y, at: Point(x: 22, y: top + height / 2), size: 13, anchor: .middle, turn: -90)
    for (index, line) in series.enumerated() {
      let colour = Palette.group(index)
      page.polyline(
        line.points.map { place($0.x, $0.y) }, attributes: "stroke=\"\(colour)\" stroke-width=\"2\"", hint: line.name)
    }
    drawNames(on: &page, at: Point(x: left + width + 24, y: top + 8))
  }

  /// The highest first, as the lines end.
  private func drawNames(on page: inout Canvas, at point: Point) {
    let order = series.indices.sorted { (series[$1].points.last?.y ?? 0, $0) < (series[$0].points.last?.y ?? 0, $1) }
    for (row, index) in order.enumerated() {
      let y = point.y + Double(row) * 20
      page.line(
        from: Point(x: point.x, y: y), to: Point(x: point.x + 18, y: y),
        attributes: "stroke=\"\(Palette.group(index))\" stroke-width=\"3\"")
      page.words(Text.shortened(series[index].name, to: 30), at: Point(x: point.x + 26, y: y + 4), size: 13)
    }
  }

  /// The chart in words, for those who don't see it.
  private var description: String {
    "\(axes.y) over \(axes.x). "
      + series.map { "\($0.name) ends at \(Numeral.significant($0.points.last?.y ?? 0))." }.joined(separator: " ")
  }
}

/// An axis from 0, with ticks at round numbers.
private struct Scale {
  let end: Double
  let ticks: [Double]

  init(upTo most: Double) {
    let most = most.isFinite && most > 0 ? most : 1
    let power = Figures.power(ofTen: Figures.log(most / 5).rounded(.down))
    let step = [1.0, 2, 5, 10].map { $0 * power }.first { most / $0 <= 6 } ?? 10 * power
    end = (most / step).rounded(.up) * step
    ticks = (0...Int((end / step).rounded())).map { Double($0) * step }
  }
}
