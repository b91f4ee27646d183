import Model
import Wire

/// Hosts in the order of the federation, and whether their agents answer.
struct HostList: Listing {
  struct Held: Encodable {
    var hold: HostHold

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(hold.reason, forKey: .reason)
      try container.encode(hold.by, forKey: .by)
      try container.encode("\(hold.since)", forKey: .since)
    }

    private enum CodingKeys: String, CodingKey { case reason, by, since }
  }

  struct Document: Encodable {
    var name: String
    var site: String
    var address: String
    var agent: String
    /// Why the host is kept as it is; nil: it isn't, or that isn't known.
    var held: Held?
    var hypervisor: String?
    var vms: [String]?
    var vcpus: Double?
    var vcpusUsed: Double?
    var memoryMiB: Double?
    var memoryUsedMiB: Double?
    var mapEntries: UInt64?
    var corrections: UInt64?
    var conflicts: [AddressConflicts.Document]
    /// By how much its clock is ahead of the controller's; nil: that isn't known.
    var clockOffsetSeconds: Double?
  }

  static let key = "hosts"
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("NAME", .left), ("SITE", .left), ("ADDRESS", .left), ("AGENT", .left), ("HYPERVISOR", .left), ("VMS", .right),
    ("VCPUS", .right), ("MEMORY", .right), ("CONFLICTS", .right), ("HELD", .left),
    ("CLOCK", .right),
  ]
  static let fields = [
    "name", "site", "address", "agent", "hypervisor", "vms", "vcpus_used", "vcpus", "memory_used_mib", "memory_mib",
    "conflicts", "held_since", "held_by", "held_reason", "clock_offset_seconds",
  ]
  let rows: [ListedRow<Document>]

  /// - Parameter clocks: seconds by which hosts' clocks are ahead of the controller's, as far as it is known.
  init(_ reply: ListReply, clocks: [String: Double] = [:]) {
    let conflicts = AddressConflicts(reply)
    rows = reply.hosts.map { host in
      let report = host.hasReport ? host.report : nil
      return ListedRow(
        Document(
          name: host.name, site: host.site, address: host.address,
          agent: report == nil ? "silent: \(host.error)" : "ready", held: report?.held.map { Held(hold: $0) },
          hypervisor: report?.hypervisor,
          vms: report?.vms.map(\.name), vcpus: report?.vcpus, vcpusUsed: report?.vcpusUsed,
          memoryMiB: report.map { Double($0.memoryBytes) / 0x1p20 },
          memoryUsedMiB: report.map { Double($0.memoryUsedBytes) / 0x1p20 }, mapEntries: report?.mapEntries,
          corrections: report?.corrections, conflicts: conflicts.at(host.name),
          clockOffsetSeconds: clocks[host.name]))
    }
  }
}

extension HostList.Document {
  /// `by root since 2026-11-24T15:46:00Z: a fan is replaced`; a dash where its agent is silent.
  var holdInWords: String { held.map { "\($0.hold)" } ?? (vms == nil ? "–" : "no") }

  /// `+7.2 s`; a dash where it isn't known.
  var clockInWords: String {
    guard let seconds = clockOffsetSeconds.map({ ($0 * 10).rounded() / 10 }) else { return "–" }
    return "\(seconds > 0 ? "+" : "")\(seconds == 0 ? 0 : seconds) s"
  }

  /// `2 of 4`; nil where its agent is silent.
  var vcpusInWords: String? {
    guard let vcpusUsed, let vcpus else { return nil }
    return "\(Text.significant(vcpusUsed)) of \(Text.significant(vcpus))"
  }

  /// `192.0 MiB of 512.0 MiB`; nil where its agent is silent.
  var memoryInWords: String? {
    guard let memoryUsedMiB, let memoryMiB else { return nil }
    return "\(Text.bytes(memoryUsedMiB * 0x1p20)) of \(Text.bytes(memoryMiB * 0x1p20))"
  }
}

extension ListedRow<HostList.Document> {
  fileprivate init(_ host: HostList.Document) {
    let address = host.address.isEmpty ? "–" : host.address
    let vms = host.vms.map { String($0.count) }
    let room = [host.vcpusUsed, host.vcpus, host.memoryUsedMiB, host.memoryMiB].map { $0.map(Text.plain) ?? "" }
    let hold = host.held?.hold
    self.init(
      name: host.name,
      cells: [
        host.name, host.site, address, host.agent, host.hypervisor ?? "–", vms ?? "–", host.vcpusInWords ?? "–",
        host.memoryInWords ?? "–", String(host.conflicts.count), host.holdInWords,
        host.clockInWords,
      ],
      values: [host.name, host.site, host.address, host.agent, host.hypervisor ?? "", vms ?? ""] + room + [
        String(host.conflicts.count), hold?.since.description ?? "", hold?.by ?? "", hold?.reason ?? "",
        host.clockOffsetSeconds.map(Text.plain) ?? "",
      ],
      document: host)
  }
}
