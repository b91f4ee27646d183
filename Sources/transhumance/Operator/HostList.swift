import Wire

/// Hosts in the order of the federation, and whether their agents answer.
struct HostList: Listing {
  struct Document: Encodable {
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
    var conflicts: [AddressConflicts.Document]
  }

  static let key = "hosts"
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("NAME", .left), ("SITE", .left), ("ADDRESS", .left), ("AGENT", .left), ("HYPERVISOR", .left), ("VMS", .right),
    ("VCPUS", .right), ("MEMORY", .right), ("CONFLICTS", .right),
  ]
  static let fields = [
    "name", "site", "address", "agent", "hypervisor", "vms", "vcpus_used", "vcpus", "memory_used_mib", "memory_mib",
    "conflicts",
  ]
  let rows: [ListedRow<Document>]

  init(_ reply: ListReply) {
    let conflicts = AddressConflicts(reply)
    rows = reply.hosts.map { host in
      let report = host.hasReport ? host.report : nil
      return ListedRow(
        Document(
          name: host.name, site: host.site, address: host.address,
          agent: report == nil ? "silent: \(host.error)" : "ready", hypervisor: report?.hypervisor,
          vms: report?.vms.map(\.name), vcpus: report?.vcpus, vcpusUsed: report?.vcpusUsed,
          memoryMiB: report.map { Double($0.memoryBytes) / 0x1p20 },
          memoryUsedMiB: report.map { Double($0.memoryUsedBytes) / 0x1p20 }, mapEntries: report?.mapEntries,
          corrections: report?.corrections, conflicts: conflicts.at(host.name)))
    }
  }
}

extension HostList.Document {
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
    let first = [host.name, host.site, host.address, host.agent]
    self.init(
      name: host.name,
      cells: first + [
        host.hypervisor ?? "–", host.vms.map { String($0.count) } ?? "–", host.vcpusInWords ?? "–",
        host.memoryInWords ?? "–", String(host.conflicts.count),
      ],
      values: first + [host.hypervisor ?? "", host.vms.map { String($0.count) } ?? ""]
        + [host.vcpusUsed, host.vcpus, host.memoryUsedMiB, host.memoryMiB].map { $0.map(Text.plain) ?? "" }
        + [String(host.conflicts.count)],
      document: host)
  }
}
