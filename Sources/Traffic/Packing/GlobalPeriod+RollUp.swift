public import Model

extension GlobalPeriod {
  /// Periods in a row, added up exactly: counts and what waits are derived from. Which end of a pair counts has been
  /// decided in each of them, and isn't again.
  ///
  /// - Parameters:
  ///   - periods: all of one length, within the span, none of them several times.
  ///   - span: of which some may be missing.
  public init?(rollingUp periods: [GlobalPeriod], into span: Period) {
    guard let rows = PeriodRows(adding: periods.map(\.rows)), let partLength = periods.first?.partLength,
      periods.allSatisfy({
        $0.partLength == partLength && $0.period.start >= span.start && $0.period.end <= span.end
      })
    else { return nil }
    let hosts = Set(periods.lazy.flatMap(\.hosts)).sorted()
    var accounting = Accounting()
    var reasons: [String: Set<String>] = [:]
    var vms: [String: VM] = [:]
    for period in periods {
      accounting += period.accounting
      for (host, texts) in period.reasons { reasons[host, default: []].formUnion(texts) }
      for vm in period.vms { vms[vm.facts.name] = vms[vm.facts.name]?.adding(vm.facts, at: vm.hosts) ?? vm }
    }
    // Names of VMs are among the endpoints; those of VMs that were silent may not be.
    let names = EndpointTable(sorted: vms.keys.map(Endpoint.name).sorted())
    let table = EndpointTable.union([rows.table, names])
    self.init(
      period: span, reports: [], hosts: hosts,
      missingHosts: Set(periods.lazy.flatMap(\.missingHosts)).sorted(), reasons: reasons.mapValues { $0.sorted() },
      accounting: accounting, vms: PeriodVMs(vms.values, table: table, hosts: hosts),
      rows: table === rows.table ? rows : rows.numbered(by: table), parts: periods.reduce(0) { $0 + $1.parts },
      partLength: partLength, isClosed: periods.allSatisfy(\.isClosed))
  }
}

extension PeriodRows {
  /// The sum of several periods' rows; nil of none.
  init?(adding parts: [PeriodRows]) {
    guard !parts.isEmpty else { return nil }
    var sums = RowSums(table: .union(parts.map(\.table)), columns: RowSums.all)
    for alike in RowSums.alike(parts.map { ($0, 1) }) {
      sums.add(alike, numbers: alike[0].rows.table.numbers(in: sums.table))
    }
    let columns = Column.allCases.map { sums.sum($0) }
    let flags = sums.flags
    self.init(table: sums.table, keys: sums.keys) { row, column in
      let sum = columns[column.rawValue][row]
      return switch column {
      case .flags: flags[row].rawValue
      case .sentExcess: flags[row].contains(.sentUnknown) ? 0 : UInt64(zigzag: Int64(bitPattern: sum))
      case .frameExcess, .lag: UInt64(zigzag: Int64(bitPattern: sum))
      default: sum
      }
    }
  }

  /// The same rows by another table, which has all of the endpoints.
  fileprivate func numbered(by table: EndpointTable) -> PeriodRows {
    let numbers = self.table.numbers(in: table)
    func number(_ own: Int) -> Int { numbers.map { Int($0[own]) } ?? own }
    var keys: [UInt64] = []
    keys.reserveCapacity(count)
    for source in 0..<self.table.count {
      for row in rows(of: source) { keys.append(Self.key(number(source), number(destination(of: row)))) }
    }
    return PeriodRows(table: table, keys: keys, unshown: unshown) { value($0, $1) }
  }
}
