package import Libvirt
internal import Model
internal import Moves
package import Traffic

/// What the hypervisor knows of a VM, for the report of a period.
package struct DomainFacts: Hashable, Sendable {
  /// Since its domain started at this host.
  package var cpuNanoseconds: UInt64
  package var vcpus: Int
  /// Bytes.
  package var memory: UInt64
  /// Interfaces that no tap of the virtual networks shows, in words; nil: none.
  package var unseen: String?

  package init(cpuNanoseconds: UInt64, vcpus: Int, memory: UInt64, unseen: String? = nil) {
    (self.cpuNanoseconds, self.vcpus, self.memory, self.unseen) = (cpuNanoseconds, vcpus, memory, unseen)
  }

  /// Of the domains that run. One that ends meanwhile isn't among them.
  static func all(at connection: Connection) throws -> [String: DomainFacts] {
    var all: [String: DomainFacts] = [:]
    for domain in try connection.domains() {
      guard (try? domain.state().isActive) == true, let usage = try? domain.usage(),
        let description = try? XMLElement(parsing: domain.xml(.live))
      else { continue }
      all[domain.name] = DomainFacts(
        cpuNanoseconds: usage.cpuNanoseconds, vcpus: usage.vcpus, memory: usage.maximumMemoryKiB << 10,
        unseen: unseen(in: description))
    }
    return all
  }

  /// SR-IOV, macvtap, vhost-user and whatever else isn't a tap of ours.
  package static func unseen(in description: XMLElement) -> String? {
    let interfaces = description.first("devices")?.children(named: "interface") ?? []
    let hidden = interfaces.filter { interface in
      let mac = interface.first("mac")?.attributes["address"].flatMap { MACAddress($0) }
      return mac.map { interface.first("target")?.attributes["dev"] != FabricNames.tap($0) } ?? true
    }
    guard !hidden.isEmpty else { return nil }
    let words = hidden.map { interface in
      let mac = interface.first("mac")?.attributes["address"] ?? "without an address"
      return "\(mac) (\(interface.attributes["type"] ?? "of no type"))"
    }
    return "on no tap of a virtual network: interface \(words.joined(separator: ", "))"
  }
}

extension SensorReport {
  /// Completes the VMs with what the hypervisor knows, and adds those that the sensor hasn't heard of.
  ///
  /// - Parameters:
  ///   - facts: of the domains that run here.
  ///   - seconds: that processors ran in the period; nil: not known.
  ///   - others: machines whose taps are none of the virtual networks'.
  ///   - onMove: VMs of which the other host reports, too.
  package mutating func complete(
    _ facts: [String: DomainFacts], seconds: [String: Double]?, others: Set<String>, onMove: (String) -> Bool
  ) {
    let heard = Set((received.map(\.destination) + sent.map(\.source)).map(\.description))
    // By the map here, but nothing of it runs or was heard.
    vms.removeAll {
      facts[$0.name] == nil && !heard.contains($0.name) && $0.spoofed == 0 && !others.contains($0.name)
    }
    for index in vms.indices {
      guard let known = facts[vms[index].name] else { continue }
      vms[index].add(known, seconds: seconds?[vms[index].name])
      if !others.contains(vms[index].name) { vms[index].unknown = vms[index].unknown ?? known.unseen }
    }
    let sensed = Set(vms.map(\.name))
    for (vm, known) in facts.sorted(by: { $0.key < $1.key }) where !sensed.contains(vm) && !onMove(vm) {
      var new = SensedVM(name: vm, unknown: known.unseen ?? "no tap of it was watched")
      new.add(known, seconds: seconds?[vm])
      vms.append(new)
    }
  }
}

extension SensedVM {
  fileprivate mutating func add(_ facts: DomainFacts, seconds: Double?) {
    cpuSeconds = seconds
    vcpus = facts.vcpus
    memory = facts.memory
  }
}
