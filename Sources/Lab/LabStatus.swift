package import Model

/// What a lab that is up is like, for people and programs.
package struct LabStatus: Encodable, Sendable {
  /// A site with what is in it.
  package struct Site: Encodable, Sendable {
    package var name: String
    package var hosts: [Host]
    package var machines: [Machine]
  }

  /// A host with the guests that run there now.
  package struct Host: Encodable, Sendable {
    package var name: String
    /// On the underlay.
    package var address: String
    /// False: the process that keeps its services running was killed.
    package var up: Bool
    package var guests: [String]
  }

  /// What is neither host nor guest.
  package struct Machine: Encodable, Sendable {
    package var name: String
    package var address: String
  }

  /// In the order of the lab file.
  package var sites: [Site]
  /// Guests that run nowhere.
  package var lost: [String]
  /// Null: the relay doesn't answer.
  package var wan: WANStatus?

  package init(_ lab: LabDescription, _ processes: LabProcesses, wan: WANStatus?) {
    let guests = processes.guests(on: lab.hosts.map(\.host.name))
    let running = Set(guests.values.joined())
    lost = lab.guests.map(\.name).filter { !running.contains($0) }
    sites = lab.federation.sites.map { site in
      Site(
        name: site.name,
        hosts: lab.hosts.filter { $0.site == site.name }.map { place in
          Host(
            name: place.host.name, address: "\(place.address)",
            up: processes.number(of: .host(place.host.name)) != nil, guests: guests[place.host.name] ?? [])
        },
        machines: lab.machines.filter { $0.site == site.name }.map { Machine(name: $0.name, address: "\($0.address)") })
    }
    self.wan = wan
  }
}
