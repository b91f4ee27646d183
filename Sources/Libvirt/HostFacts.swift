import CLibvirt

/// What a host is and has, as its libvirtd sees it.
package struct HostFacts: Hashable, Sendable {
  package var hostname: String
  /// The host's identity; a migration between two of the same is refused. Set by `host_uuid` of libvirtd.conf.
  package var uuid: String
  package var vcpus: Int
  package var memoryKiB: UInt64
  package var freeMemoryBytes: UInt64
  package var cpuModel: String
  /// E.g. 9000000 for 9.0.0.
  package var libvirtVersion: UInt
  package var hypervisorVersion: UInt
  /// Machine types by kind of acceleration ("qemu", "kvm") of x86_64 guests, aliases included.
  package var machineTypes: [String: Set<String>]
}

extension Connection {
  /// Reads the host's facts; several calls, some of them slow at the daemon's first time (it probes QEMU).
  package func hostFacts() throws(LibvirtError) -> HostFacts {
    var info = virNodeInfo()
    var libvirtVersion: UInt = 0
    var hypervisorVersion: UInt = 0
    let (hostname, freeMemory) = try unsafe apart { (connection) throws(LibvirtError) in
      try check(unsafe virNodeGetInfo(connection, &info), "reading the resources of \(uri)")
      try check(unsafe virConnectGetLibVersion(connection, &libvirtVersion), "reading the version of \(uri)")
      try check(
        unsafe virConnectGetVersion(connection, &hypervisorVersion), "reading the hypervisor's version of \(uri)")
      let name = try unsafe string(owning: virConnectGetHostname(connection), "reading the hostname of \(uri)")
      return unsafe (name, virNodeGetFreeMemory(connection))
    }
    let capabilities = try capabilities()
    let host = capabilities.first("host")
    let cpu = host?.first("cpu")
    var machines: [String: Set<String>] = [:]
    for guest in capabilities.children(named: "guest") {
      guard let architecture = guest.first("arch"), architecture.attributes["name"] == "x86_64" else { continue }
      let common = architecture.children(named: "machine").map(\.text)
      for domain in architecture.children(named: "domain") {
        guard let kind = domain.attributes["type"] else { continue }
        // A kind that lists machines of its own has these instead of the architecture's.
        let own = domain.children(named: "machine").map(\.text)
        machines[kind, default: []].formUnion(own.isEmpty ? common : own)
      }
    }
    return HostFacts(
      hostname: hostname, uuid: host?.first("uuid")?.text ?? "", vcpus: Int(info.cpus), memoryKiB: UInt64(info.memory),
      freeMemoryBytes: freeMemory, cpuModel: cpu?.first("model")?.text ?? "",
      libvirtVersion: libvirtVersion, hypervisorVersion: hypervisorVersion, machineTypes: machines)
  }

  /// The capabilities document (`virConnectGetCapabilities`).
  package func capabilities() throws(LibvirtError) -> XMLElement {
    let text = try unsafe apart { (connection) throws(LibvirtError) in
      try unsafe string(owning: virConnectGetCapabilities(connection), "reading the capabilities of \(uri)")
    }
    return try XMLElement(parsing: text)
  }

  /// Named CPU models that this host can give x86_64 guests under the acceleration named ("qemu", "kvm"); empty where
  /// libvirt doesn't say (https://libvirt.org/formatdomaincaps.html).
  package func cpuModels(acceleration: String) throws(LibvirtError) -> Set<String> {
    let text = try unsafe apart { (connection) throws(LibvirtError) in
      try unsafe string(
        owning: virConnectGetDomainCapabilities(connection, nil, "x86_64", nil, acceleration, 0),
        "reading the domain capabilities of \(uri)")
    }
    let modes = try XMLElement(parsing: text).first("cpu")?.children(named: "mode") ?? []
    let models = modes.first { $0.attributes["name"] == "custom" }?.children(named: "model") ?? []
    return Set(models.filter { $0.attributes["usable"] != "no" }.map(\.text))
  }
}
