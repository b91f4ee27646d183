import Model
import Wire

/// VMs by name; of a silent host as its peers know them.
struct VMList: Listing {
  struct Document: Encodable {
    var name: String
    var state: String
    var host: String
    var site: String
    var addresses: [String]
    var memoryMiB: Double?
    var vcpus: UInt32?
    var epoch: UInt64
    /// Who else moves it; nil: nobody, or that isn't known.
    var managedBy: String?
  }

  static let key = "vms"
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("NAME", .left), ("STATE", .left), ("HOST", .left), ("SITE", .left), ("ADDRESS", .left), ("VCPUS", .right),
    ("MEMORY", .right), ("EPOCH", .right), ("MANAGER", .left),
  ]
  static let fields = ["name", "state", "host", "site", "address", "vcpus", "memory_mib", "epoch", "managed_by"]
  let rows: [ListedRow<Document>]

  init(_ reply: ListReply) {
    let sites = Dictionary(reply.hosts.map { ($0.name, $0.site) }, uniquingKeysWith: { first, _ in first })
    let reports = reply.vmReports
    let silent = Set(reply.hosts.filter { !$0.hasReport }.map(\.name))
    rows = reply.map.entries.sorted { Endpoint($0.vm) < Endpoint($1.vm) }.map { entry in
      let report = reports[entry.vm]
      let state = report?.state ?? (silent.contains(entry.host) ? "unknown (agent silent)" : "lost")
      return ListedRow(
        Document(
          name: entry.vm, state: state, host: entry.host, site: sites[entry.host] ?? "",
          addresses: entry.interfaces.flatMap { $0.addresses.compactMap { IPAddress(octets: $0)?.description } },
          memoryMiB: report.map { Double($0.memoryBytes) / 0x1p20 }, vcpus: report?.vcpus, epoch: entry.epoch,
          managedBy: report.flatMap { $0.managedBy.isEmpty ? nil : $0.managedBy }))
    }
  }
}

extension ListReply {
  /// By VM, what a host says of it: that which runs it, where several know it.
  var vmReports: [String: VMReport] {
    var reports: [String: VMReport] = [:]
    for host in hosts where host.hasReport {
      for vm in host.report.vms where reports[vm.name] == nil || vm.state == "running" { reports[vm.name] = vm }
    }
    return reports
  }
}

extension ListedRow<VMList.Document> {
  fileprivate init(_ vm: VMList.Document) {
    let first = [vm.name, vm.state, vm.host, vm.site, vm.addresses.joined(separator: " ")]
    self.init(
      name: vm.name,
      cells: first + [
        vm.vcpus.map(String.init) ?? "–", vm.memoryMiB.map { Text.bytes($0 * 0x1p20) } ?? "–", String(vm.epoch),
        vm.managedBy ?? "–",
      ],
      values: first + [
        vm.vcpus.map(String.init) ?? "", vm.memoryMiB.map(Text.plain) ?? "", String(vm.epoch), vm.managedBy ?? "",
      ],
      document: vm)
  }
}
