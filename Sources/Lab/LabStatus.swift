package import Model

/// What a lab that is up is like, for people and programs.
package struct LabStatus: Encodable, Sendable {
  package struct Site: Encodable, Sendable {
    package var name: String
    package var hosts: [Host]
    package var machines: [Machine]
  }

  package struct Host: Encodable, Sendable {
    package var name: String
    /// On the underlay.
    package var address: String
    /// False: its namespaces are gone.
    package var up: Bool
    package var guests: [String]
  }

  package struct Machine: Encodable, Sendable {
    package var name: String
    package var address: String
  }

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
