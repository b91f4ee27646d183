import Model

extension Laboratory {
  /// The command line that runs `command` in all namespaces of a host, a machine, or a site's router (`router:SITE`).
  /// The program `transhumance` is this one, wherever it is.
  ///
  /// - Throws: where there is no such host
  package func entering(_ name: String, command: [String]) throws -> [String] {
    let (lab, processes) = try current()
    let hosts = lab.hosts.map(\.host.name)
    let machines = lab.machines.map(\.name)
    let sites = lab.federation.sites.map(\.name)
    let part: Part
    if hosts.contains(name) {
      part = .host(name)
    } else if machines.contains(name) {
      part = .machine(name)
    } else if name.hasPrefix("router:"), sites.contains(String(name.dropFirst(7))) {
      part = .router(String(name.dropFirst(7)))
    } else if lab.guests.contains(where: { $0.name == name }) {
      throw LabError(
        "\(name) is a guest, which nothing enters: `transhumance lab console \(name)` shows what it prints, and its "
          + "host has virsh")
    } else {
      let known = (hosts + machines + sites.map { "router:" + $0 }).joined(separator: ", ")
      throw LabError("\"\(name)\" is no host or machine of the lab; there are \(known)")
    }
    guard let process = processes.number(of: part) else {
      throw LabError("\(name) has been killed: `transhumance lab down` and `up` make the lab anew")
    }
    let own = command.first == "transhumance" ? [executable] + command.dropFirst() : command
    return ["nsenter", "--target", "\(process)", "--mount", "--net", "--uts", "--pid", "--"] + own
  }

  /// The file with what a guest has printed.
  /// - Throws: where there is no such guest
  package func console(of guest: String) throws -> String {
    let (lab, _) = try current()
    guard lab.guests.contains(where: { $0.name == guest }) else {
      let known = lab.guests.map(\.name).joined(separator: ", ")
      throw LabError("\"\(guest)\" is no guest of the lab; there are \(known)")
    }
    return folder.console(of: guest)
  }
}
