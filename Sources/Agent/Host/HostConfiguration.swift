package import Model
internal import Wire

/// What an agent is told at its start: who it is, who the others are, and what its networks are.
package struct HostConfiguration: Sendable {
  /// Another host's agent.
  package struct Peer: Hashable, Sendable {
    package var name: String
    package var site: String
    /// On the underlay: where its agent listens and its VXLAN ends.
    package var address: IPAddress

    package init(name: String, site: String, address: IPAddress) {
      self.name = name
      self.site = site
      self.address = address
    }
  }

  /// Where reports go to and commands come from.
  package struct Controller: Hashable, Sendable, CustomStringConvertible {
    package var address: IPAddress
    package var port: Int

    package init(address: IPAddress, port: Int) {
      self.address = address
      self.port = port
    }

    package var description: String { address.family == .v4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
  }

  /// Lengths that periods may have, nanoseconds: a report's way to the controller takes a part of a second, and nothing is
  /// decided before a period has ended.
  package static let periods: ClosedRange<Int64> = WireLimits.periods

  /// This host.
  package var host: Peer
  /// What its VMs may use.
  package var vcpus: Double
  /// Bytes; nil: what the machine has.
  package var memory: UInt64?
  package var peers: [Peer]
  package var networks: [VirtualNetwork]
  /// VMs with their first hosts, as of epoch 1.
  package var guests: [LabDescription.Guest]
  /// TCP port of every agent.
  package var port: Int
  /// Where the operator's command connects.
  package var socketPath: String
  /// Folder of the journal.
  package var stateDirectory: String
  package var hypervisorURI: String
  /// Controllers of which one serves at a time; none: nothing is sensed, and no controller commands.
  package var controllers: [Controller] = []
  /// What the controllers and other hosts know this host by, and it them; nil: in clear.
  package var credentials: CredentialFiles?
  /// Where libvirt and QEMU look for certificates, to be installed there from the credentials; nil: they aren't.
  package var hypervisorCertificates: String?
  /// Of sensing; one of ``periods``.
  package var periodNanoseconds: Int64 = 30_000_000_000
  /// Endpoints that are no VM and always count for themselves, under a name.
  package var fixedEndpoints: [IPAddress: String] = [:]
  /// Taps that are sensed besides those of the VMs of the map.
  package var otherTaps: [SensedTap] = []

  /// - Throws: where the lab has no host of that name.
  package init(
    lab: LabDescription, hostName: String, stateDirectory: String, port: Int = 8082,
    hypervisorURI: String = "qemu:///system"
  ) throws(HostConfigurationError) {
    let places = lab.hosts
    guard let own = places.first(where: { $0.host.name == hostName }) else {
      throw HostConfigurationError(hostName: hostName, known: places.map(\.host.name))
    }
    host = Peer(name: hostName, site: own.site, address: own.address)
    vcpus = own.host.vcpus
    memory = own.host.memoryGiB.map { UInt64(max(0, min($0, 1e9)) * 0x1p30) }
    peers = places.filter { $0.host.name != hostName }
      .map { Peer(name: $0.host.name, site: $0.site, address: $0.address) }
    networks = lab.networks
    guests = lab.guests
    self.port = port
    self.stateDirectory = stateDirectory
    socketPath = stateDirectory + "/agent.sock"
    self.hypervisorURI = hypervisorURI
  }
}

/// The lab file has no host of that name.
package struct HostConfigurationError: Error, CustomStringConvertible {
  package var hostName: String
  package var known: [String]

  package var description: String {
    "it has no host \"\(hostName)\"; its hosts are \(known.joined(separator: ", "))"
  }
}
