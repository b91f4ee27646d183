/// SVG elements, one after the other. Text given to it is escaped here, and nowhere else.
struct Canvas {
  private(set) var text = ""

  mutating func open(_ tag: String) { text += "<\(tag)>\n" }

  mutating func close(_ name: String) { text += "</\(name)>\n" }

  /// An element that holds words.
  mutating func element(_ name: String, id: String, _ words: String) {
    text += "<\(name) id=\"\(id)\">\(Text.xml(words))</\(name)>\n"
  }

  mutating func append(_ other: Canvas) { text += other.text }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, attributes: String, hint: String? = nil
  ) {
    let frame = "x=\"\(Figures.pixels(x))\" y=\"\(Figures.pixels(y))\""
    let size = "width=\"\(Figures.pixels(width))\" height=\"\(Figures.pixels(height))\""
    finish("rect \(frame) \(size) \(attributes)", "rect", hint)
  }

  mutating func line(from: Point, to: Point, attributes: String, hint: String? = nil) {
    let start = "x1=\"\(Figures.pixels(from.x))\" y1=\"\(Figures.pixels(from.y))\""
    let end = "x2=\"\(Figures.pixels(to.x))\" y2=\"\(Figures.pixels(to.y))\""
    finish("line \(start) \(end) \(attributes)", "line", hint)
  }

  /// One line through all points.
  mutating func polyline(_ points: [Point], attributes: String, hint: String? = nil) {
    let places = points.map { "\(Figures.pixels($0.x)),\(Figures.pixels($0.y))" }.joined(separator: " ")
    finish("polyline points=\"\(places)\" fill=\"none\" \(attributes)", "polyline", hint)
  }

  mutating func circle(at centre: Point, radius: Double, attributes: String, hint: String? = nil) {
    let place = "cx=\"\(Figures.pixels(centre.x))\" cy=\"\(Figures.pixels(centre.y))\" r=\"\(Figures.pixels(radius))\""
    finish("circle \(place) \(attributes)", "circle", hint)
  }

  /// Words at a point, turned by that many degrees around it.
  mutating func words(
    _ words: String, at point: Point, size: Double, anchor: Anchor = .start, turn: Double = 0, attributes: String = ""
  ) {
    let place = "x=\"\(Figures.pixels(point.x))\" y=\"\(Figures.pixels(point.y))\""
    let turned =
      turn == 0
      ? ""
      : " transform=\"rotate(\(Figures.pixels(turn)) \(Figures.pixels(point.x)) \(Figures.pixels(point.y)))\""
    let anchored = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    text += "<text \(place) font-size=\"\(Figures.pixels(size))\"\(anchored)\(turned)"
    text += attributes.isEmpty ? ">" : " \(attributes)>"
    text += Text.xml(words) + "</text>\n"
  }

  enum Anchor: String { case start, middle, end }

  /// The width of words, estimated: no font is at hand.
  static func width(of words: String, size: Double) -> Double { Double(words.count) * size * 0.6 }

  private mutating func finish(_ tag: String, _ name: String, _ hint: String?) {
    text += hint.map { "<\(tag)><title>\(Text.xml($0))</title></\(name)>\n" } ?? "<\(tag)/>\n"
  }
}

/// A part of the page: what is drawn, from (0, 0), and the room it takes.
struct Panel {
  var canvas = Canvas()
  var width = 0.0
  var height = 0.0
}
