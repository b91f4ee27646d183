import Foundation
package import Model

/// How the parts are joined, as commands for `ip -batch` in each one's network namespace.
///
/// A site is a bridge `lan` in its router with a virtual cable to each host; machines elsewhere have a cable of their
/// own to the router. The WAN's relay makes the device `wan0` in each router, and the routes to the other sites.
package struct Wiring {
  /// Commands for one part's namespace, in their order.
  package struct Step: Equatable {
    package var part: Part
    package var commands: [String]
  }

  /// In the order in which they can be done.
  package let steps: [Step]
  /// For the relay, as JSON.
  package let wan: String

  /// - Parameter process: number of the process that holds a part's namespaces
  package init(lab: LabDescription, process: (Part) -> Int32) {
    var steps: [Step] = []
    for (index, site) in lab.federation.sites.enumerated() {
      let machines = lab.machines.filter { $0.site == site.name }
      steps.append(Step(part: .router(site.name), commands: Self.router(lab, index: index, machines, process)))
      let router = LabDescription.underlay(site: index + 1, host: 254)
      for place in lab.hosts where place.site == site.name {
        steps.append(
          Step(
            part: .host(place.host.name),
            commands: Self.end(address: "\(place.address)/24", router: router, isOnSubnet: true)))
      }
      for machine in machines {
        let isOnSubnet = machine.isOnLAN && machine.address.masked(24) == router.masked(24)
        steps.append(
          Step(
            part: .machine(machine.name),
            commands: Self.end(
              address: "\(machine.address)/\(isOnSubnet ? 24 : 32)", router: router, isOnSubnet: isOnSubnet)))
      }
    }
    self.steps = steps
    wan = Self.relay(lab, process)
  }

  private static func router(
    _ lab: LabDescription, index: Int, _ machines: [LabDescription.Machine], _ process: (Part) -> Int32
  ) -> [String] {
    let site = lab.federation.sites[index].name
    let hosts = lab.hosts.filter { $0.site == site }
    var commands = [
      "link set lo up", "link add lan type bridge stp_state 0 mcast_snooping 0",
      "address add \(LabDescription.underlay(site: index + 1, host: 254))/24 dev lan", "link set lan up",
    ]
    for place in hosts {
      let number = process(.host(place.host.name))
      commands += [
        "link add h\(place.hostNumber) type veth peer name eth0 netns \(number)",
        "link set h\(place.hostNumber) master lan up",
      ]
    }
    for (number, machine) in machines.enumerated() {
      let name = "m\(number + 1)"
      let mac = machine.mac.map { " address \($0)" } ?? ""
      commands.append("link add \(name) type veth peer name eth0\(mac) netns \(process(.machine(machine.name)))")
      if machine.isOnLAN {
        commands.append("link set \(name) master lan up")
      } else {
        commands += ["link set \(name) up", "route add \(machine.address)/32 dev \(name)"]
      }
    }
    // In a table of its own, which the relay's routes don't reach: guests are entered by the site's own first host.
    if let first = hosts.first {
      commands.append("rule add priority 100 table 100")
      for subnet in lab.reachableSubnets { commands.append("route add \(subnet) via \(first.address) table 100") }
    }
    return commands
  }

  /// The one interface of a host or machine.
  private static func end(address: String, router: IPAddress, isOnSubnet: Bool) -> [String] {
    var commands = ["link set lo up", "link set eth0 up", "address add \(address) dev eth0"]
    if !isOnSubnet { commands.append("route add \(router)/32 dev eth0") }
    commands.append("route add default via \(router) dev eth0")
    return commands
  }

  private static func relay(_ lab: LabDescription, _ process: (Part) -> Int32) -> String {
    var configuration = WANConfiguration(lab) { "/proc/\(process(.router($0)))/ns/net" }
    // From sites without hosts, guests are entered by the first site that has some.
    if let entrance = lab.federation.sites.firstIndex(where: { !$0.hosts.isEmpty }) {
      configuration.sites[entrance].prefixes += lab.reachableSubnets
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings and finite numbers, which always encode.
    return (try? encoder.encode(configuration)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension LabDescription {
  /// Virtual networks with a way out. The underlay has no IPv6.
  var reachableSubnets: [String] {
    networks.filter { $0.gateway?.family == .v4 }.map { "\($0.subnet.address)/\($0.subnet.length)" }
  }
}
