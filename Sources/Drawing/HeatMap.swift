/// The matrix as squares: rows send, columns receive, darker is more.
///
/// Up to 200 endpoints each has a row and a column with its name. Beyond, neighbours in the order share one: each
/// square then shows the mean over the pairs it stands for.
struct HeatMap {
  /// Endpoints of row i: `bins[i]`, numbers of the drawing.
  let bins: [Range<Int>]
  /// Means over the pairs of a square, more than zero.
  let cells: [TrafficDrawing.Arc]
  /// Rows (and columns) of each group in turn, then of those in none; empty where there are too many groups to mark.
  let blocks: [(group: Int?, bins: Range<Int>)]
  let least: Double
  let most: Double

  static let labelled = 200

  init(of drawing: TrafficDrawing) {
    let count = drawing.names.count
    let runs = Self.runs(of: drawing.groups)
    let width = count <= Self.labelled ? 1 : (count + 159) / 160
    var bins: [Range<Int>] = []
    var blocks: [(group: Int?, bins: Range<Int>)] = []
    for run in runs {
      let first = bins.count
      for start in stride(from: run.lowerBound, to: run.upperBound, by: width) {
        bins.append(start..<min(start + width, run.upperBound))
      }
      blocks.append((drawing.groups[run.lowerBound], first..<bins.count))
    }
    if bins.count > 2 * Self.labelled {
      bins = stride(from: 0, to: count, by: width).map { $0..<min($0 + width, count) }
      blocks = []
    }
    self.bins = bins
    self.blocks = blocks
    cells = Self.cells(of: drawing, bins)
    least = cells.map(\.weight).min() ?? 0
    most = cells.map(\.weight).max() ?? 0
  }

  /// Endpoints of one group each, in turn.
  private static func runs(of groups: [Int?]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for index in groups.indices {
      if let last = runs.last, groups[last.lowerBound] == groups[index] {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    return runs
  }

  private static func cells(of drawing: TrafficDrawing, _ bins: [Range<Int>]) -> [TrafficDrawing.Arc] {
    var binOf = [Int](repeating: 0, count: drawing.names.count)
    for (bin, range) in bins.enumerated() {
      for index in range { binOf[index] = bin }
    }
    var sums = [Double](repeating: 0, count: bins.count * bins.count)
    for arc in drawing.arcs { sums[binOf[arc.source] * bins.count + binOf[arc.destination]] += arc.weight }
    let hasInside = drawing.arcs.contains { $0.source == $0.destination }
    return sums.indices.filter { sums[$0] > 0 }.map { place in
      let (row, column) = place.quotientAndRemainder(dividingBy: bins.count)
      let others = bins[column].count - (row == column && !hasInside ? 1 : 0)
      let pairs = bins[row].count * others
      return TrafficDrawing.Arc(source: row, destination: column, weight: sums[place] / Double(max(pairs, 1)))
    }
  }

  /// Where a weight lies on the scale, 0 … 1, by logarithm.
  func share(of weight: Double) -> Double {
    least < most ? (Figures.log(weight) - Figures.log(least)) / (Figures.log(most) - Figures.log(least)) : 1
  }

  /// Whether a square stands for more than one pair.
  var isAggregated: Bool { bins.contains { $0.count > 1 } }
}
