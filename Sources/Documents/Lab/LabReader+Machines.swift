internal import Model

extension LabReader {
  mutating func machine(_ value: Value) -> LabDescription.Machine? {
    guard let fields = Fields(value, .machine) else { return nil }
    let name = machineName(fields)
    let site = fields["site"].flatMap { names.sites.reference($0) }
    let isOnLAN = fields["lan"]?.boolean() ?? false
    let address = fields["address"].flatMap { machineAddress($0, isOnLAN: isOnLAN, name: name ?? "", site: site) }
    var mac: MACAddress?
    if let place = fields["mac"] {
      mac = place.macAddress()
      if !isOnLAN { place.error("says nothing to anybody behind a router", hint: "with lan: true it is seen") }
    }
    guard let site, let address else { return nil }
    return LabDescription.Machine(name: name ?? "", site: site, address: address, mac: mac, isOnLAN: isOnLAN)
  }

  private mutating func machineAddress(_ value: Value, isOnLAN: Bool, name: String, site: String?) -> IPAddress? {
    guard let address = value.address() else { return nil }
    guard address.family == .v4 else {
      value.error("\(address) can't be reached", hint: "the lab's sites are joined by IPv4")
      return nil
    }
    // On a site's LAN it may be anybody's: that is what such a machine is for. Hosts must still be reached.
    let scope = isOnLAN ? "LAN of \(site ?? "")" : ""
    if let problem = underlayProblem(address, isOnLAN: isOnLAN, site: site) {
      value.error("\(address) \(problem.message)", hint: problem.hint)
    } else if !isOnLAN, let network = networks.first(where: { $0.subnet.contains(address) }) {
      value.error(
        "\(address) is an address of the network \(quoted(network.name))",
        hint: "a machine can hold it on a site's LAN only: lan: true")
    } else if hold(address, of: scope, for: name, at: value) {
      return address
    }
    return nil
  }

  private func underlayProblem(
    _ address: IPAddress, isOnLAN: Bool, site: String?
  ) -> (message: String, hint: String)? {
    let octets = (0..<4).map { address.low >> (8 * (3 - UInt64($0))) & 0xff }
    if octets[0] == 0 || octets[0] == 127 || octets[0] >= 224 || (octets[0], octets[1]) == (169, 254) {
      return ("is no address of a machine", "for example 10.99.9.9")
    }
    guard octets[0] == 10, octets[1] == 99 else { return nil }
    guard let place = sites.indices.first(where: { UInt64($0 + 1) == octets[2] }) else { return nil }
    let hosts = sites[place].hosts
    if octets[3] >= 1, octets[3] <= UInt64(hosts.count) {
      return ("is the address of the host \(quoted(hosts[Int(octets[3]) - 1].name))", "hosts have 10.99.SITE.HOST")
    }
    if octets[3] == 254 { return ("is the address of the router of \(quoted(sites[place].name))", "take another") }
    if octets[3] == 0 || octets[3] == 255 { return ("is no address of a machine", "10.99.\(octets[2]).1 to 253") }
    if !isOnLAN || site != sites[place].name {
      return (
        "belongs to the LAN of \(quoted(sites[place].name))",
        "there with lan: true; behind a router, an address outside 10.99.1.0 to 10.99.\(sites.count).255"
      )
    }
    return nil
  }
}
