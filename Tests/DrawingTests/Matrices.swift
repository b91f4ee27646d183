import Model

/// `count` VMs in groups of `size`; each sends to the next four of its group and to one outside.
func groupedMatrix(count: Int, size: Int) -> (matrix: TrafficMatrix, groups: [[Endpoint]]) {
  let names = (0..<count).map { Endpoint("vm-\($0)") }
  let groups = stride(from: 0, to: count, by: size).map { Array(names[$0..<min($0 + size, count)]) }
  var rows: [TrafficMatrix.Row] = []
  for index in 0..<count {
    let first = index / size * size
    for step in 1...4 {
      let other = first + (index - first + step) % size
      if other < count { rows.append(row(names[index], names[other], 1000 + Double(index))) }
    }
    rows.append(row(names[index], names[(index + size) % count], 10))
  }
  return (TrafficMatrix(rows: rows, hasWaits: false), groups)
}

func row(_ source: Endpoint, _ destination: Endpoint, _ packets: Double) -> TrafficMatrix.Row {
  TrafficMatrix.Row(
    source: source, destination: destination, packets: packets, frameBytes: packets * 1014, ipBytes: packets * 1000)
}

func matrix(_ rows: [(String, String, Double)]) -> TrafficMatrix {
  TrafficMatrix(rows: rows.map { row(Endpoint($0.0), Endpoint($0.1), $0.2) }, hasWaits: false)
}
