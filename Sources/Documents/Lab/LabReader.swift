internal import Model

/// Reads a lab and remembers what its later parts are looked up in.
struct LabReader {
  var names = (sites: NameTable("a site"), hosts: NameTable("a host"))
  var networkNames = NameTable("a virtual network")
  /// Hosts, guests and machines: names by which they know each other.
  var machineNames = NameTable("a host, guest or machine", ignoresCase: true)
  var sites: [Site] = []
  /// Those that could be read; the log knows of the others.
  var networks: [VirtualNetwork] = []
  /// Who has which address, by the name of the virtual network; "" is the underlay.
  var holders: [String: [IPAddress: (name: String, line: UInt32)]] = [:]
  /// What of each host is still free.
  var room: [String: HostRoom] = [:]

  /// Numbers of sites and hosts are octets of the underlay's addresses, those of guests and networks octets of MAC
  /// addresses; the WAN joins no more sites than this.
  static let limits = (sites: 16, hosts: 253, guests: 254, networks: 255)

  mutating func read(_ root: Value) -> LabDescription? {
    guard let fields = Fields(root, .lab) else { return nil }
    sites = FederationDocument.sites(of: fields, names: &names)
    checkSites(fields)
    let links = fields["links"].flatMap { Fields($0, .labLinks) }
    if let value = links?["plaintext"], value.boolean() == false {
      value.error("false asks for encryption between the sites, which a lab doesn't have", hint: "write true")
    }
    let egress = fields["egress"].flatMap { Egress($0, sites: names.sites) }
    networks = networks(of: fields)
    let guests = guests(of: fields)
    let machines = fields.items("machines").compactMap { machine($0) }
    return LabDescription(
      federation: Federation(
        sites: sites, links: links.map { Links($0, sites: names.sites, areReal: true) } ?? Links(),
        egress: egress ?? Egress(), cpuModels: FederationDocument.cpuModels(of: fields),
        owners: FederationDocument.owners(of: fields)),
      plaintext: true, networks: networks, guests: guests, machines: machines,
      security: fields["security"]?.choice(LabDescription.Security.self) ?? .clear)
  }

  /// Hosts become namespaces with a host name and an address of the underlay.
  private mutating func checkSites(_ fields: Fields) {
    guard let list = fields["sites"] else { return }
    let items = list.items()
    if items.count > Self.limits.sites {
      list.error("lists \(items.count) sites", hint: "at most \(Self.limits.sites)")
    }
    var number = 0
    for item in items {
      guard case .mapping(let entries) = item.node.content,
        let hosts = entries.last(where: { $0.key.text == "hosts" })?.value
      else { continue }
      let value = Value(node: hosts, path: .field(item.path, "hosts"), log: item.log)
      guard case .sequence(let nodes) = hosts.content else { continue }
      number += nodes.count
      if nodes.count > Self.limits.hosts {
        value.error("lists \(nodes.count) hosts", hint: "at most \(Self.limits.hosts) a site")
      }
      for (index, node) in nodes.enumerated() {
        checkHost(Value(node: node, path: .item(value.path, index), log: item.log))
      }
    }
    if number == 0, !items.isEmpty { list.error("have no host", hint: "a lab runs its guests on hosts") }
    for host in sites.flatMap(\.hosts) { room[host.name] = HostRoom(host) }
  }

  private mutating func checkHost(_ value: Value) {
    guard case .mapping(let entries) = value.node.content,
      let node = entries.last(where: { $0.key.text == "name" })?.value, case .scalar(let text, _) = node.content
    else { return }
    let name = Value(node: node, path: .field(value.path, "name"), log: value.log)
    name.checkHostName(text)
    // Two of the same spelling are told of where the federation is read.
    if !machineNames.contains(text) { machineNames.add(text, at: name) }
  }

  /// The name of a guest or machine, which is its host name as well.
  mutating func machineName(_ fields: Fields) -> String? {
    guard let place = fields["name"], let name = place.name() else { return nil }
    place.checkHostName(name)
    machineNames.add(name, at: place)
    return name
  }
}
