import Answers
import Model
import Wire

/// Hosts in the order of the federation, and whether their agents answer.
struct HostList: Listing {
  typealias Document = HostStatusDocument

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
    rows = HostStatusDocument.all(of: reply, clocks: clocks).map { ListedRow($0) }
  }
}

extension HostStatusDocument {
  /// `by root since 2026-11-24T15:46:00Z: a fan is replaced`; a dash where its agent is silent.
  var holdInWords: String { held.map { "\($0)" } ?? (vms == nil ? "–" : "no") }

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

extension ListedRow<HostStatusDocument> {
  fileprivate init(_ host: HostStatusDocument) {
    let address = host.address.isEmpty ? "–" : host.address
    let vms = host.vms.map { String($0.count) }
    let room = [host.vcpusUsed, host.vcpus, host.memoryUsedMiB, host.memoryMiB].map { $0.map(Text.plain) ?? "" }
    let hold = host.held
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
