internal import Model
package import Wire

/// A site, what it offers and costs, and what is left of it, as `get sites --format json` has it.
package struct SiteStatusDocument: Encodable, Sendable {
  package struct Price: Encodable, Sendable {
    package var vmHour: Double
    package var vcpuHour: Double
    package var memoryGiBHour: Double
  }

  package struct Quota: Encodable, Sendable {
    package var vcpus: Double?
    package var memoryGiB: Double?
    package var vcpuHours: Double?
    package var vms: UInt32?
  }

  package struct Window: Encodable, Sendable {
    package var from: String?
    package var until: String?
  }

  package struct Room: Encodable, Sendable {
    package var vcpus: Double
    package var memoryGiB: Double?
  }

  package var name: String
  package var kind: String?
  package var availableUntil: String?
  package var closed: Bool
  /// Where it is closed; nil: no more.
  package var opens: String?
  package var windows: [Window]
  /// By the federation's file.
  package var drain: Bool
  package var headroom: Double
  package var price: Price
  package var quota: Quota
  package var hosts: [String]
  package var openHosts: [String]
  package var drainedHosts: [String]
  package var vms: UInt32
  package var vcpus: Double
  package var vcpusUsed: Double
  package var memoryGiB: Double?
  package var memoryUsedGiB: Double
  package var room: Room

  package init(_ site: Transhumance_V1_SiteStatus) {
    (name, kind) = (site.name, site.kind.isEmpty ? nil : site.kind)
    let time = { (nanoseconds: Int64) in Timestamp(nanoseconds: nanoseconds).description }
    availableUntil = site.hasAvailableUntil ? time(site.availableUntil) : nil
    windows = site.windows.map { window in
      Window(
        from: window.hasFrom ? time(window.from) : nil, until: window.hasUntil ? time(window.until) : nil)
    }
    (closed, opens) = (site.closed, site.hasOpens ? time(site.opens) : nil)
    (drain, headroom, drainedHosts) = (site.drained, site.headroom, site.drainedHosts)
    price = .init(vmHour: site.price.vm, vcpuHour: site.price.vcpu, memoryGiBHour: site.price.memoryGib)
    quota = .init(
      vcpus: site.quota.hasVcpus ? site.quota.vcpus : nil,
      memoryGiB: site.quota.hasMemoryGib ? site.quota.memoryGib : nil,
      vcpuHours: site.quota.hasVcpuHours ? site.quota.vcpuHours : nil,
      vms: site.quota.hasVms ? site.quota.vms : nil)
    (hosts, openHosts, vms) = (site.hosts, site.openHosts, site.vms)
    (vcpus, vcpusUsed) = (site.capacity.vcpus, site.used.vcpus)
    memoryGiB = site.capacity.hasMemoryGib ? site.capacity.memoryGib : nil
    memoryUsedGiB = site.used.memoryGib
    room = .init(vcpus: site.room.vcpus, memoryGiB: site.room.hasMemoryGib ? site.room.memoryGib : nil)
  }
}
