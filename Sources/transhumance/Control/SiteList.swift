import Answers
import Wire

/// Sites in the order of the federation: what they offer and cost, and what is left of it.
struct SiteList: Listing {
  typealias Document = SiteStatusDocument

  static let key = "sites"
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("NAME", .left), ("KIND", .left), ("PRICE/H", .left), ("QUOTA", .left), ("OPEN HOSTS", .left), ("VMS", .right),
    ("VCPUS", .right), ("MEMORY", .right), ("ROOM", .left), ("WINDOW", .left),
  ]
  static let fields = [
    "name", "kind", "vm_hour_price", "vcpu_hour_price", "memory_gib_hour_price", "quota_vcpus", "quota_memory_gib",
    "quota_vcpu_hours", "hosts", "open_hosts", "vms", "vcpus_used", "vcpus", "memory_used_gib", "memory_gib",
    "room_vcpus", "room_memory_gib", "available_until", "quota_vms", "headroom", "drain", "drained_hosts",
    "closed", "opens",
  ]
  let rows: [ListedRow<Document>]

  init(_ reply: OverviewReply) {
    rows = reply.sites.map { ListedRow(SiteStatusDocument($0)) }
  }
}

extension ListedRow<SiteStatusDocument> {
  fileprivate init(_ site: SiteStatusDocument) {
    let hosts = [String(site.hosts.count), String(site.openHosts.count), String(site.vms)]
    let limits = [site.quota.vms.map(String.init) ?? "", Text.plain(site.headroom)]
    let drain = ["\(site.drain)", String(site.drainedHosts.count)]
    let figures: [Double?] = [
      site.vcpusUsed, site.vcpus, site.memoryUsedGiB, site.memoryGiB, site.room.vcpus, site.room.memoryGiB,
    ]
    let amounts = figures.map { $0.map(Text.plain) ?? "" }
    self.init(
      name: site.name,
      cells: [
        site.name, site.kind ?? "–", site.price.words, site.quota.words,
        "\(site.openHosts.count) of \(site.hosts.count)\(site.drainInWords)", String(site.vms), site.vcpusInWords,
        site.memoryInWords, site.room.words, site.windowInWords,
      ],
      values: [site.name, site.kind ?? ""] + site.price.values + site.quota.values + hosts + amounts
        + [site.availableUntil ?? ""] + limits + drain + ["\(site.closed)", site.opens ?? ""],
      document: site)
  }
}

extension SiteStatusDocument {
  /// `3 of 8`
  var vcpusInWords: String { "\(Text.significant(vcpusUsed)) of \(Text.significant(vcpus))" }

  var memoryInWords: String { Text.gib(memoryUsedGiB) + (memoryGiB.map { " of \(Text.gib($0))" } ?? "") }

  /// `, drain`; `, a1 drained`, `, 3 drained`.
  fileprivate var drainInWords: String {
    if drain { return ", drain" }
    switch drainedHosts.count {
    case 0: return ""
    case 1: return ", \(drainedHosts[0]) drained"
    default: return ", \(drainedHosts.count) drained"
    }
  }

  /// `until 2026-12-01T08:00:00Z`, `opens 2026-12-02T08:00:00Z`, `closed`.
  var windowInWords: String {
    if closed { return opens.map { "opens \($0)" } ?? "closed" }
    return availableUntil.map { "until \($0)" } ?? "–"
  }
}

extension SiteStatusDocument.Price {
  /// `0.05 a VM, 0.02 a vCPU`
  var words: String {
    let parts = [(vmHour, "a VM"), (vcpuHour, "a vCPU"), (memoryGiBHour, "a GiB")].filter { $0.0 != 0 }
    return parts.isEmpty ? "0" : parts.map { "\(Text.significant($0.0)) \($0.1)" }.joined(separator: ", ")
  }

  fileprivate var values: [String] { [vmHour, vcpuHour, memoryGiBHour].map(Text.plain) }
}

extension SiteStatusDocument.Quota {
  var words: String {
    let parts = [
      vcpus.map { "\(Text.significant($0)) vCPUs" }, memoryGiB.map(Text.gib),
      vcpuHours.map { "\(Text.significant($0)) vCPU-hours" }, vms.map { "\($0) VM\($0 == 1 ? "" : "s")" },
    ].compactMap(\.self)
    return parts.isEmpty ? "–" : parts.joined(separator: ", ")
  }

  fileprivate var values: [String] { [vcpus, memoryGiB, vcpuHours].map { $0.map(Text.plain) ?? "" } }
}

extension SiteStatusDocument.Room {
  var words: String {
    "\(Text.significant(vcpus)) vCPUs" + (memoryGiB.map { ", \(Text.gib($0))" } ?? "")
  }
}

extension Text {
  fileprivate static func gib(_ count: Double) -> String { bytes(count * 0x1p30) }
}
