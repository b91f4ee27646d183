public import Model

extension PeriodRows {
  /// Rows of which one of the endpoints is an end; found without looking at the others.
  public func touching(_ endpoints: Set<Endpoint>) -> [GlobalPeriod.Row] {
    indices(touching: numbers(of: endpoints)).map { self[$0] }
  }

  /// Whether there is a row of which one of the endpoints is an end.
  func isTouched(by endpoints: Set<Endpoint>) -> Bool {
    numbers(of: endpoints).contains { number in
      // What it receives without having sent anything back is found by `incoming`, all else by what it has sent.
      !rows(of: number).isEmpty || incomingStarts[number] < incomingStarts[number + 1]
    }
  }

  /// Rows between endpoints of a set.
  public func among(_ endpoints: Set<Endpoint>) -> [GlobalPeriod.Row] {
    let numbers = numbers(of: endpoints)
    let isMember = membership(of: numbers)
    return numbers.flatMap { number in
      rows(of: number).lazy.filter { isMember[destination(of: $0)] }.map { row($0, source: number) }
    }
  }

  /// Ascending.
  func numbers(of endpoints: Set<Endpoint>) -> [Int] {
    endpoints.compactMap { table.number(of: $0) }.sorted()
  }

  private func membership(of numbers: [Int]) -> [Bool] {
    var isMember = [Bool](repeating: false, count: table.count)
    for number in numbers { isMember[number] = true }
    return isMember
  }

  /// Ascending.
  ///
  /// - Parameter numbers: of endpoints, ascending.
  func indices(touching numbers: [Int]) -> [Int] {
    let isMember = membership(of: numbers)
    // Of ascending sources, and so ascending.
    var found = numbers.flatMap { rows(of: $0) }
    let destinations = packed.numbers(Column.destination.rawValue, rows: found)
    var (place, others) = (0, [Int]())
    for number in numbers {
      // Where others talk to it there is mostly a row back.
      for _ in rows(of: number) {
        let other = Int(destinations[place])
        place += 1
        if !isMember[other], let back = row(from: other, to: number) { others.append(back) }
      }
      for place in Int(incomingStarts[number])..<Int(incomingStarts[number + 1]) {
        let other = Int(incoming.value(place, 0))
        if !isMember[other], let row = row(from: other, to: number) { others.append(row) }
      }
    }
    guard !others.isEmpty else { return found }
    found += others
    return found.sorted()
  }

  /// Some of the rows.
  ///
  /// - Parameter indices: ascending.
  func picked(_ indices: [Int]) -> PeriodRows {
    var unshown: [UInt32: PairCounts] = [:]
    for (place, index) in indices.enumerated() { unshown[UInt32(place)] = self.unshown[UInt32(index)] }
    return PeriodRows(table: table, keys: keys(numbers: nil, only: indices), unshown: unshown) { row, column in
      value(indices[row], column)
    }
  }
}
