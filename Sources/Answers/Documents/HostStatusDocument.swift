package import Model
package import Wire

/// A host, as `get hosts --format json` has it.
package struct HostStatusDocument: Encodable, Sendable {
  package var name: String
  package var site: String
  package var address: String
  package var agent: String
  /// Why the host is kept as it is; nil: it isn't, or that isn't known.
  package var held: HostHold?
  package var hypervisor: String?
  package var vms: [String]?
  package var vcpus: Double?
  package var vcpusUsed: Double?
  package var memoryMiB: Double?
  package var memoryUsedMiB: Double?
  package var mapEntries: UInt64?
  package var corrections: UInt64?
  package var conflicts: [AddressConflicts.Document]
  /// By how much its clock is ahead of the controller's; nil: that isn't known.
  package var clockOffsetSeconds: Double?

  /// All hosts of a reply, in its order.
  ///
  /// - Parameter clocks: seconds by which hosts' clocks are ahead of the controller's, as far as it is known.
  package static func all(of reply: ListReply, clocks: [String: Double] = [:]) -> [HostStatusDocument] {
    let conflicts = AddressConflicts(reply)
    return reply.hosts.map {
      HostStatusDocument($0, conflicts: conflicts.at($0.name), clockOffsetSeconds: clocks[$0.name])
    }
  }

  private init(_ host: HostStatus, conflicts: [AddressConflicts.Document], clockOffsetSeconds: Double?) {
    let report = host.hasReport ? host.report : nil
    (name, site, address) = (host.name, host.site, host.address)
    agent = report == nil ? "silent: \(host.error)" : "ready"
    held = report?.held
    (hypervisor, vms) = (report?.hypervisor, report?.vms.map(\.name))
    (vcpus, vcpusUsed) = (report?.vcpus, report?.vcpusUsed)
    memoryMiB = report.map { Double($0.memoryBytes) / 0x1p20 }
    memoryUsedMiB = report.map { Double($0.memoryUsedBytes) / 0x1p20 }
    (mapEntries, corrections) = (report?.mapEntries, report?.corrections)
    (self.conflicts, self.clockOffsetSeconds) = (conflicts, clockOffsetSeconds)
  }
}
