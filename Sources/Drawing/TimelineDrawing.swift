/// Moves in time, to be drawn as SVG: a bar for each, from its start to its end, below one another in the order in
/// which they start, coloured by the link that they use.
///
/// The same values give the same text. Beyond 200 moves the first 200 are drawn, which the drawing says.
package struct TimelineDrawing: Sendable {
  /// One move.
  package struct Bar: Sendable {
    /// Such as a VM's name.
    package var name: String
    package var from: String
    package var to: String
    /// Moves that share one are drawn in one colour.
    package var link: String
    /// Seconds from the beginning of all.
    package var start: Double
    package var end: Double

    package init(name: String, from: String, to: String, link: String, start: Double, end: Double) {
      (self.name, self.from, self.to, self.link) = (name, from, to, link)
      (self.start, self.end) = (start, end)
    }
  }

  /// One line, above all.
  let title: String
  /// Lines below the title, of at most 200 characters.
  let facts: [String]
  let bars: [Bar]
  /// Seconds, as text.
  let duration: @Sendable (Double) -> String

  static let mostBars = 200

  /// - Parameter duration: gives seconds as text.
  package init(title: String, facts: [String], bars: [Bar], duration: @escaping @Sendable (Double) -> String) {
    self.title = title
    self.facts = facts.map { Text.shortened($0, to: 200) }
    self.bars = bars
    self.duration = duration
  }

  var seconds: Double { bars.reduce(0) { max($0, $1.end) } }

  /// In the order in which they first appear.
  var links: [String] {
    var seen: Set<String> = []
    return bars.map(\.link).filter { seen.insert($0).inserted }
  }

  /// Steps of the axis: 1, 2 or 5 times a power of ten, or of sixty where that is rounder; ten at most.
  var step: Double {
    let steps = [
      0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800,
    ]
    if let step = steps.first(where: { seconds / $0 <= 10 }) { return step }
    var step = 3600.0
    while seconds / step > 10 { step *= 2 }
    return step
  }
}
