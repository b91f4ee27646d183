import Model

/// The endpoints of a matrix that can be one machine, numbered in their order, and the ends of every row by number.
struct EndpointIndex {
  /// Sorted.
  let endpoints: [Endpoint]
  /// Of each row of the matrix; −1 for an end that can be no one machine.
  let ends: [(source: Int32, destination: Int32)]

  init(of matrix: TrafficMatrix) {
    var numbers: [Endpoint: Int32] = [:]
    var found: [Endpoint] = []
    func number(of endpoint: Endpoint) -> Int32 {
      if let number = numbers[endpoint] { return number }
      let number = endpoint.canBeOneMachine ? Int32(found.count) : -1
      numbers[endpoint] = number
      if number >= 0 { found.append(endpoint) }
      return number
    }
    var ends: [(source: Int32, destination: Int32)] = []
    ends.reserveCapacity(matrix.rows.count)
    var last: (endpoint: Endpoint, number: Int32)?
    for row in matrix.rows {
      // Rows are sorted: the source is looked up once for all of its rows.
      let source: Int32
      if let last, last.endpoint == row.source { source = last.number } else { source = number(of: row.source) }
      last = (row.source, source)
      ends.append((source, number(of: row.destination)))
    }

    let order = found.indices.sorted { found[$0] < found[$1] }
    var rank = [Int32](repeating: 0, count: found.count)
    for (place, number) in order.enumerated() { rank[number] = Int32(place) }
    endpoints = order.map { found[$0] }
    self.ends = ends.map { ends in
      (ends.source < 0 ? -1 : rank[Int(ends.source)], ends.destination < 0 ? -1 : rank[Int(ends.destination)])
    }
  }
}
