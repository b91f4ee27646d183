extension Canvas {
  /// The margin of a page, pixels.
  static let margin = 28.0

  /// A page with its title and facts on it, to be closed as `svg`.
  static func page(width: Double, height: Double, title: String, description: String, facts: [String]) -> Canvas {
    let size = "width=\"\(Figures.pixels(width))\" height=\"\(Figures.pixels(height))\""
    let box = "viewBox=\"0 0 \(Figures.pixels(width)) \(Figures.pixels(height))\""
    var page = Canvas()
    page.open(
      "svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" \(size) \(box) role=\"img\" "
        + "aria-labelledby=\"title description\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" "
        + "fill=\"\(Palette.text)\"")
    page.element("title", id: "title", title)
    page.element("desc", id: "description", description)
    page.rectangle(x: 0, y: 0, width: width, height: height, attributes: "fill=\"#ffffff\"")
    page.words(
      Text.shortened(title, to: Int((width - 2 * margin) / 11)), at: Point(x: margin, y: margin + 18), size: 20,
      attributes: "font-weight=\"bold\"")
    for (line, fact) in facts.enumerated() {
      page.words(
        fact, at: Point(x: margin, y: margin + 42 + Double(line) * 18), size: 13,
        attributes: "fill=\"\(Palette.quiet)\"")
    }
    return page
  }
}
