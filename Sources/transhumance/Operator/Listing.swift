import Model
import Wire

/// A list that can be printed in any of the formats.
protocol Listing {
  associatedtype Row: Encodable
  /// JSON has `{ "vms": [ … ] }`.
  static var key: String { get }
  static var columns: [(heading: String, alignment: TextTable.Alignment)] { get }
  var rows: [(name: String, cells: [String], document: Row)] { get }
}

extension Listing {
  var names: Set<String> { Set(rows.map(\.name)) }

  func write(_ format: DocumentFormat, only: Set<String>?) throws {
    let rows = rows.filter { only?.contains($0.name) ?? true }
    switch format {
    case .json:
      try StandardOutput.write(json: [Self.key: rows.map(\.document)])
    case .csv:
      try StandardOutput.write(
        CSV.row(Self.columns.map { $0.heading.lowercased().replacing(" ", with: "_") })
          + rows.map { CSV.row($0.cells) }.joined())
    case .table:
      guard !rows.isEmpty else { return Terminal.printLine("none") }
      var table = TextTable(Self.columns)
      for row in rows { table.append(row.cells) }
      try StandardOutput.write(table.rendered())
    }
  }
}

/// VMs by name; of a silent host as its peers know them.
struct VMList: Listing {
  struct Row: Encodable {
    var name: String
    var state: String
    var host: String
    var site: String
    var addresses: [String]
    var memoryMiB: Double?
    var vcpus: UInt32?
    var epoch: UInt64
  }

  static let key = "vms"
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("NAME", .left), ("STATE", .left), ("HOST", .left), ("SITE", .left), ("ADDRESS", .left), ("VCPUS", .right),
    ("MEMORY", .right), ("EPOCH", .right),
  ]
  let rows: [(name: String, cells: [String], document: Row)]

  init(_ reply: ListReply) {
    let sites = Dictionary(reply.hosts.map { ($0.name, $0.site) }, uniquingKeysWith: { first, _ in first })
    var reports: [String: VMReport] = [:]
    for host in reply.hosts where host.hasReport {
      for vm in host.report.vms where reports[vm.name] == nil || vm.state == "running" { reports[vm.name] = vm }
    }
    let silent = Set(reply.hosts.filter { !$0.hasReport }.map(\.name))
    rows = reply.map.entries.sorted { Endpoint($0.vm) < Endpoint($1.vm) }.map { entry in
      let report = reports[entry.vm]
      let state = report?.state ?? (silent.contains(entry.host) ? "unknown (agent silent)" : "lost")
      let row = Row(
        name: entry.vm, state: state, host: entry.host, site: sites[entry.host] ?? "",
        addresses: entry.interfaces.flatMap { $0.addresses.compactMap { IPAddress(octets: $0)?.description } },
        memoryMiB: report.map { Double($0.memoryBytes) / 0x1p20 }, vcpus: report?.vcpus, epoch: entry.epoch)
      let cells = [
        row.name, row.state, row.host, row.site, row.addresses.joined(separator: " "),
        report.map { String($0.vcpus) } ?? "–", report.map { Text.bytes(Double($0.memoryBytes)) } ?? "–",
        String(row.epoch),
      ]
      return (entry.vm, cells, row)
    }
  }
}

/// Hosts in the order of the federation, and whether their agents answer.
struct HostList: Listing {
  struct Row: Encodable {
    var name: String
    var site: String
    var address: String
    var agent: String
    var hypervisor: String?
    var vms: [String]?
    var vcpus: Double?
    var vcpusUsed: Double?
    var memoryMiB: Double?
    var memoryUsedMiB: Double?
    var mapEntries: UInt64?
    var corrections: UInt64?
  }

  static let key = "hosts"
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("NAME", .left), ("SITE", .left), ("ADDRESS", .left), ("AGENT", .left), ("HYPERVISOR", .left), ("VMS", .right),
    ("VCPUS", .right), ("MEMORY", .right),
  ]
  let rows: [(name: String, cells: [String], document: Row)]

  init(_ reply: ListReply) {
    rows = reply.hosts.map { host in
      let report = host.hasReport ? host.report : nil
      let row = Row(
        name: host.name, site: host.site, address: host.address,
        agent: report == nil ? "silent: \(host.error)" : "ready", hypervisor: report?.hypervisor,
        vms: report?.vms.map(\.name), vcpus: report?.vcpus, vcpusUsed: report?.vcpusUsed,
        memoryMiB: report.map { Double($0.memoryBytes) / 0x1p20 },
        memoryUsedMiB: report.map { Double($0.memoryUsedBytes) / 0x1p20 }, mapEntries: report?.mapEntries,
        corrections: report?.corrections)
      let cells = [
        row.name, row.site, row.address, row.agent, row.hypervisor ?? "–", report.map { String($0.vms.count) } ?? "–",
        report.map { "\(Text.significant($0.vcpusUsed)) of \(Text.significant($0.vcpus))" } ?? "–",
        report.map { "\(Text.bytes(Double($0.memoryUsedBytes))) of \(Text.bytes(Double($0.memoryBytes)))" } ?? "–",
      ]
      return (host.name, cells, row)
    }
  }
}

/// Moves that the hosts' journals know of, the latest last.
struct MoveList: Listing {
  static let key = "moves"
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("MOVE", .left), ("VM", .left), ("FROM", .left), ("TO", .left), ("STATE", .left), ("STARTED", .left),
    ("TOTAL", .right), ("DOWNTIME", .right), ("TRANSFERRED", .right),
  ]
  let rows: [(name: String, cells: [String], document: MoveDocument)]

  init(_ reply: ListReply) {
    let moves = reply.hosts.filter(\.hasReport).flatMap(\.report.moves)
      .sorted { ($0.steps.first?.at ?? 0, $0.identifier) < ($1.steps.first?.at ?? 0, $1.identifier) }
    rows = moves.map { move in
      let ended = !move.result.isEmpty
      let cells = [
        move.identifier, move.vm, move.from, move.to, ended ? move.result : move.steps.last?.step ?? "planned",
        move.steps.first.map { Timestamp(nanoseconds: $0.at).description } ?? "–",
        ended ? Text.duration(move.totalSeconds) : "–",
        ended && move.result == "done" ? Text.duration(move.downtimeSeconds) : "–",
        Text.bytes(Double(move.transferBytes)),
      ]
      return (move.identifier, cells, MoveDocument(move))
    }
  }
}
