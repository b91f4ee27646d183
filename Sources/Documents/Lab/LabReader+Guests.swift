internal import Model

extension LabReader {
  mutating func guests(of fields: Fields) -> [LabDescription.Guest] {
    let items = fields.items("guests")
    if items.count > Self.limits.guests, let list = fields["guests"] {
      list.error("lists \(items.count) guests", hint: "at most \(Self.limits.guests)")
    }
    var groups: [[Int]: [Value]] = [:]
    let guests = items.enumerated().compactMap { index, item in
      let guest = guest(item, number: UInt64(index + 1))
      for phase in 1...1 + (guest?.workload?.phases.count ?? 0) {
        if let group = guest?.workload?.phase(phase)?.group { groups[[phase, group], default: []].append(item) }
      }
      return guest
    }
    for (key, members) in groups where members.count == 1 {
      let time = key[0] == 1 ? "" : " in phase \(key[0])"
      members[0].log.warning(
        at: members[0].position, "\(members[0].path): is alone in group \(key[1])\(time) and talks to nobody")
    }
    return guests
  }

  /// - Parameter number: its place in the list, from 1: the last part of its MAC and, unless given, IP addresses.
  private mutating func guest(_ value: Value, number: UInt64) -> LabDescription.Guest? {
    guard let fields = Fields(value, .guest) else { return nil }
    let name = machineName(fields)
    let host = fields["host"].flatMap { names.hosts.reference($0) }
    let memory = fields["memoryMiB"].flatMap { $0.wholeNumber(48...1 << 20) } ?? 96
    let vcpus = fields["vcpus"].flatMap { $0.wholeNumber(1...64) } ?? 1
    let interfaces = interfaces(of: fields, name: name ?? "", number: number)
    if let host, let refusal = room[host]?.take(vcpus: vcpus, memoryMiB: memory) {
      value.error("\(quoted(host)) has no room for it: \(refusal)", hint: "give the host more, or the guest another")
    }
    return LabDescription.Guest(
      name: name ?? "", host: host ?? "", interfaces: interfaces, memoryMiB: memory, vcpus: vcpus,
      workload: fields["workload"].flatMap(LabDescription.Workload.init))
  }

  private mutating func interfaces(of fields: Fields, name: String, number: UInt64) -> [LabDescription.Interface] {
    guard let list = fields["interfaces"] else {
      guard let network = fields["network"] else {
        fields.value.error("has no network", hint: "network: NAME, or interfaces: [{network: NAME}, …] for several")
        return []
      }
      return interface(network, fields["address"], name: name, number: number, at: fields.value).map { [$0] } ?? []
    }
    for field in ["network", "address"] {
      fields[field]?.error("stands beside interfaces", hint: "of an interface, it stands inside the list")
    }
    let items = list.items()
    if case .sequence = list.node.content, items.isEmpty || items.count > 8 {
      list.error("lists \(items.count) interfaces", hint: "1 to 8")
    }
    var seen = Set<String>()
    return items.compactMap { item in
      guard let fields = Fields(item, .interface), let network = fields["network"] else { return nil }
      if let text = network.node.text, !seen.insert(text).inserted {
        network.error("the guest has an interface on \(quoted(text)) already", hint: "each is on another network")
        return nil
      }
      return interface(network, fields["address"], name: name, number: number, at: item)
    }
  }

  private mutating func interface(
    _ network: Value, _ address: Value?, name: String, number: UInt64, at value: Value
  ) -> LabDescription.Interface? {
    guard let networkName = networkNames.reference(network),
      let network = networks.first(where: { $0.name == networkName })
    else { return nil }
    let mac = MACAddress(0x5254_0000_0000 | UInt64(network.number & 0xff) << 8 | (number & 0xff))
    if let address {
      return self.address(address, in: network.subnet, of: networkName, for: name)
        .map { LabDescription.Interface(network: networkName, mac: mac, addresses: [$0]) }
    }
    guard let address = network.subnet.host(number), network.subnet.refusal(of: address) == nil else {
      value.error(
        "the subnet \(network.subnet.text) has no address for guest number \(number)",
        hint: "give the guest an address, or the network a larger subnet")
      return nil
    }
    guard hold(address, of: networkName, for: name, at: value) else { return nil }
    return LabDescription.Interface(network: networkName, mac: mac, addresses: [address])
  }
}

extension LabDescription.Workload {
  fileprivate init?(_ value: Value) {
    guard let fields = Fields(value, .workload), let group = fields["group"]?.wholeNumber(0...1_000_000) else {
      return nil
    }
    self.init(group: group)
    read(fields)
    let items = fields.items("phases")
    if items.count > 8, let list = fields["phases"] { list.error("lists \(items.count) phases", hint: "at most 8") }
    phases = items.compactMap { item in
      guard let fields = Fields(item, .phase) else { return nil }
      var phase = self
      phase.read(fields)
      return phase
    }
  }

  /// What isn't there stays as it is.
  private mutating func read(_ fields: Fields) {
    func read(_ name: String, _ range: ClosedRange<Int>, _ field: WritableKeyPath<Self, Int>) {
      if let number = fields[name]?.wholeNumber(range) { self[keyPath: field] = number }
    }
    read("group", 0...1_000_000, \.group)
    read("messageBytes", 1...1 << 24, \.messageBytes)
    read("exchanges", 0...1_000_000, \.exchanges)
    read("requests", 0...1_000_000, \.requests)
    read("work", 0...1_000_000_000, \.work)
    if let pause = fields.number("pauseMs") {
      if pause > 3_600_000 { fields["pauseMs"]?.error("must be at most 3600000, an hour") }
      pauseMs = pause
    }
  }
}

/// What guests may still take of a host.
struct HostRoom {
  private var vcpus: Double
  /// Nil: unlimited.
  private var memoryMiB: Double?

  init(_ host: Host) {
    vcpus = host.vcpus
    memoryMiB = host.memoryGiB.map { $0 * 1024 }
  }

  /// What keeps the guest from fitting; nil: it has been given its part.
  mutating func take(vcpus: Int, memoryMiB: Int) -> String? {
    if Double(vcpus) > self.vcpus { return "of its vcpus, \(number(self.vcpus)) are left, and this takes \(vcpus)" }
    if let left = self.memoryMiB, Double(memoryMiB) > left {
      return "of its memory, \(number(left)) MiB are left, and this takes \(memoryMiB)"
    }
    self.vcpus -= Double(vcpus)
    self.memoryMiB = self.memoryMiB.map { $0 - Double(memoryMiB) }
    return nil
  }

  private func number(_ value: Double) -> String {
    let tenths = (value * 10).rounded(.down) / 10
    return Int(exactly: tenths).map(String.init) ?? "\(tenths)"
  }
}
