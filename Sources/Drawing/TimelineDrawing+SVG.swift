extension TimelineDrawing {
  /// A page in SVG 1.1 that needs nothing from elsewhere.
  package func svg() -> String {
    let margin = Canvas.margin
    let shown = bars.prefix(Self.mostBars)
    let names = shown.map { Text.shortened($0.name, to: 24) }
    let left = margin + 12 + (names.map { Canvas.width(of: $0, size: 12) }.max() ?? 0)
    let plot = 640.0
    let top = margin + 34 + Double(facts.count) * 18 + 30
    let bottom = top + Double(shown.count) * 20
    let legend = links.prefix(21)
    let widest = facts.map { Canvas.width(of: $0, size: 13) }.max() ?? 0
    let places = shown.map { Canvas.width(of: route($0), size: 11) }.max() ?? 0
    let width = max(left + plot + 12 + places, margin + widest, 760) + margin
    let height = bottom + 34 + Double(legend.count) * 20 + (bars.count > shown.count ? 20 : 0) + margin

    var page = Canvas.page(width: width, height: height, title: title, description: description, facts: facts)
    guard !bars.isEmpty else {
      page.words("No moves.", at: Point(x: margin, y: top + 12), size: 14)
      page.close("svg")
      return page.text
    }
    let scale = plot / max(seconds, .leastNormalMagnitude)
    for tick in 0...Int((seconds / step).rounded(.down)) {
      let x = left + Double(tick) * step * scale
      page.line(
        from: Point(x: x, y: top - 4), to: Point(x: x, y: bottom + 4),
        attributes: "stroke=\"\(Palette.faint)\"")
      page.words(
        duration(Double(tick) * step), at: Point(x: x, y: bottom + 18), size: 11, anchor: .middle,
        attributes: "fill=\"\(Palette.quiet)\"")
    }
    let colours = Dictionary(uniqueKeysWithValues: links.enumerated().map { ($1, Palette.group($0)) })
    for (row, bar) in shown.enumerated() {
      let y = top + Double(row) * 20
      page.words(names[row], at: Point(x: left - 8, y: y + 13), size: 12, anchor: .end)
      page.rectangle(
        x: left + bar.start * scale, y: y + 3, width: max(1, (bar.end - bar.start) * scale), height: 14,
        attributes: "fill=\"\(colours[bar.link] ?? Palette.ungrouped)\"", hint: sentence(bar))
      page.words(
        route(bar), at: Point(x: left + bar.end * scale + 6, y: y + 13), size: 11,
        attributes: "fill=\"\(Palette.quiet)\"")
    }
    var y = bottom + 34
    for (number, link) in legend.enumerated() {
      page.rectangle(x: margin, y: y, width: 14, height: 12, attributes: "fill=\"\(Palette.group(number))\"")
      page.words(Text.shortened(link, to: 80), at: Point(x: margin + 22, y: y + 10), size: 12)
      y += 20
    }
    if bars.count > shown.count {
      page.words("and \(bars.count - shown.count) more moves", at: Point(x: margin, y: y + 10), size: 12)
    }
    page.close("svg")
    return page.text
  }

  private func route(_ bar: Bar) -> String { Text.shortened(bar.from, to: 20) + " → " + Text.shortened(bar.to, to: 20) }

  private func sentence(_ bar: Bar) -> String {
    "\(bar.name) from \(bar.from) to \(bar.to): \(duration(bar.start)) to \(duration(bar.end))"
  }

  /// The drawing in words, for those who don't see it.
  private var description: String {
    if bars.isEmpty { return "No moves." }
    let first = bars.prefix(20).map(sentence).joined(separator: "; ")
    return "Timeline of \(bars.count) moves in \(duration(seconds)). \(first)."
  }
}
