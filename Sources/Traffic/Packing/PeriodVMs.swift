internal import Model

/// The VMs of a period, sorted by name: packed, some ten bytes each.
public struct PeriodVMs: RandomAccessCollection, Sendable {
  private enum Column: Int, CaseIterable {
    /// Its number in the table.
    case name
    /// Index of its host.
    case host
    /// 0: its times aren't known.
    case hasSeconds, seconds
    case vcpus, memory, tapDropped, spoofed
  }

  let table: EndpointTable
  private let hosts: [String]
  private let packed: PackedColumns
  /// Of VMs that were at another number of hosts than one.
  private let otherHosts: [UInt32: [String]]
  private let unknown: [UInt32: String]

  /// - Parameters:
  ///   - vms: in any order, each once.
  ///   - table: has their names.
  ///   - hosts: has their hosts.
  init(_ vms: some Sequence<GlobalPeriod.VM>, table: EndpointTable, hosts: [String]) {
    let numbered = vms.compactMap { vm in table.number(of: .name(vm.facts.name)).map { (number: $0, vm: vm) } }
      .sorted { $0.number < $1.number }
    let places = Dictionary(hosts.enumerated().map { ($1, $0) }) { first, _ in first }
    var (otherHosts, unknown): ([UInt32: [String]], [UInt32: String]) = ([:], [:])
    for (index, entry) in numbered.enumerated() {
      if entry.vm.hosts.count != 1 { otherHosts[UInt32(index)] = entry.vm.hosts }
      if let reason = entry.vm.facts.unknown { unknown[UInt32(index)] = reason }
    }
    (self.table, self.hosts, self.otherHosts, self.unknown) = (table, hosts, otherHosts, unknown)
    packed = PackedColumns(count: numbered.count, columnCount: Column.allCases.count) { row, column in
      let (number, vm) = numbered[row]
      switch Column(rawValue: column) {
      case .name, nil: return UInt64(number)
      case .host: return UInt64(vm.hosts.first.flatMap { places[$0] } ?? 0)
      case .hasSeconds: return vm.facts.cpuSeconds == nil ? 0 : 1
      case .seconds: return (vm.facts.cpuSeconds ?? 0).bitPattern
      case .vcpus: return UInt64(zigzag: Int64(vm.facts.vcpus))
      case .memory: return vm.facts.memory
      case .tapDropped: return vm.facts.tapDropped
      case .spoofed: return vm.facts.spoofed
      }
    }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { packed.count }

  public subscript(index: Int) -> GlobalPeriod.VM {
    let hosts = otherHosts[UInt32(index)] ?? [self.hosts[Int(value(index, .host))]]
    return GlobalPeriod.VM(
      hosts: hosts,
      facts: SensedVM(
        name: table.endpoints[Int(value(index, .name))].description, tapDropped: value(index, .tapDropped),
        spoofed: value(index, .spoofed),
        cpuSeconds: value(index, .hasSeconds) == 0 ? nil : Double(bitPattern: value(index, .seconds)),
        vcpus: Int(Int64(bitPattern: value(index, .vcpus).unzigzagged)), memory: value(index, .memory),
        unknown: unknown[UInt32(index)]))
  }

  private func value(_ index: Int, _ column: Column) -> UInt64 { packed.value(index, column.rawValue) }

  /// The VM of that name; nil where no host had it.
  public func named(_ name: String) -> GlobalPeriod.VM? { index(named: name).map { self[$0] } }

  func contains(named name: String) -> Bool { index(named: name) != nil }

  func index(named name: String) -> Int? {
    guard let number = table.number(of: .name(name)) else { return nil }
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if value(middle, .name) < UInt64(number) { low = middle + 1 } else { high = middle }
    }
    return low < count && value(low, .name) == UInt64(number) ? low : nil
  }

  /// Of the VMs that were at one of the hosts.
  func names(at chosen: Set<String>) -> [Endpoint] {
    let isChosen = hosts.map(chosen.contains)
    return indices.lazy.filter { index in
      if let others = otherHosts[UInt32(index)] { return !chosen.isDisjoint(with: others) }
      return isChosen[Int(value(index, .host))]
    }.map { table.endpoints[Int(value($0, .name))] }
  }

  /// Whether the same VMs are at the same hosts, as far as that can be told without a look at names.
  func isPlaced(like other: PeriodVMs) -> Bool {
    table === other.table && hosts == other.hosts && otherHosts == other.otherHosts && count == other.count
      && indices.allSatisfy { value($0, .name) == other.value($0, .name) && value($0, .host) == other.value($0, .host) }
  }

  /// Bytes in memory, but for names, which are shared.
  public var byteCount: Int { packed.byteCount }
}

extension PeriodVMs: Hashable {
  /// The same VMs, however their names are numbered.
  public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    hasher.combine(first)
  }
}

// MARK: - Bytes

extension PeriodVMs {
  func write(to writer: inout PackedWriter) {
    packed.write(to: &writer)
    writer.write(UInt64(otherHosts.count))
    for (row, hosts) in otherHosts.sorted(by: { $0.key < $1.key }) {
      writer.write(UInt64(row))
      writer.write(UInt64(hosts.count))
      for host in hosts { writer.write(host) }
    }
    writer.write(UInt64(unknown.count))
    for (row, reason) in unknown.sorted(by: { $0.key < $1.key }) {
      writer.write(UInt64(row))
      writer.write(reason)
    }
  }

  init(from reader: inout PackedReader, table: EndpointTable, hosts: [String]) throws(PackingError) {
    packed = try PackedColumns(columnCount: Column.allCases.count, from: &reader)
    var (otherHosts, unknown): ([UInt32: [String]], [UInt32: String]) = ([:], [:])
    for _ in 0..<(try reader.count(atMost: packed.count)) {
      let row = UInt32(try reader.count(atMost: packed.count - 1))
      var hosts: [String] = []
      for _ in 0..<(try reader.count(atMost: reader.rest)) { hosts.append(try reader.text()) }
      otherHosts[row] = hosts
    }
    for _ in 0..<(try reader.count(atMost: packed.count)) {
      let row = UInt32(try reader.count(atMost: packed.count - 1))
      unknown[row] = try reader.text()
    }
    (self.table, self.hosts, self.otherHosts, self.unknown) = (table, hosts, otherHosts, unknown)
    // Whatever the bytes were, no number leads outside.
    var last = -1
    for index in 0..<packed.count {
      guard let name = Int(exactly: value(index, .name)), name > last, name < table.count else {
        throw PackingError("VMs out of order")
      }
      last = name
      guard otherHosts[UInt32(index)] != nil || value(index, .host) < UInt64(hosts.count) else {
        throw PackingError("a VM at a host that isn't there")
      }
    }
  }
}
