internal import Model

extension ApplicationReader {
  mutating func vm(_ value: Value) -> VM? {
    guard let fields = Fields(value, .vm) else { return nil }
    let name = machineName(fields)
    if let name { vms.insert(name) }
    vmPositions.append(value.position)
    return VM(
      name: name ?? "", addresses: addresses(of: name ?? "", fields), vcpus: fields.number("vcpus", .positive) ?? 1,
      memoryGiB: fields.number("memoryGiB") ?? 0, cpu: fields.number("cpu", .share) ?? 1,
      dirtyMiBps: fields.number("dirtyMiBps") ?? 0, disks: fields.items("disks").compactMap(Disk.init),
      host: fields["host"].flatMap(host), template: fields.name("template"), cpuModel: fields.name("cpuModel"),
      managedBy: fields.name("managedBy"))
  }

  mutating func endpoint(_ value: Value) -> FixedEndpoint? {
    guard let fields = Fields(value, .endpoint) else { return nil }
    let name = machineName(fields)
    return FixedEndpoint(
      name: name ?? "", addresses: addresses(of: name ?? "", fields), site: fields["site"].flatMap(site) ?? "")
  }

  func site(_ value: Value) -> String? {
    if let sites { sites.reference(value) } else { value.name() }
  }

  private func host(_ value: Value) -> String? {
    if let hosts { hosts.reference(value) } else { value.name() }
  }

  private mutating func machineName(_ fields: Fields) -> String? {
    guard let place = fields["name"], let name = place.name() else { return nil }
    machines.add(name, at: place)
    return name
  }

  /// The addresses listed, and the name where it reads as one: a matrix can name the machine so.
  private mutating func addresses(of name: String, _ fields: Fields) -> [IPAddress] {
    var addresses: [IPAddress] = []
    let named = fields["name"].flatMap { IPAddress($0.node.text ?? "") == nil ? nil : $0 }
    for value in fields.items("addresses") + (named.map { [$0] } ?? []) {
      guard let text = value.text() else { continue }
      guard let address = IPAddress(text) else {
        value.error("\(quoted(text)) is not an IP address", hint: hint(forAddress: text))
        continue
      }
      if let holder = addressHolders[address] {
        if holder.name == name, value.path.isName { continue }
        value.error("the address \(address) is held by \(quoted(holder.name)) already", hint: "on line \(holder.line)")
      } else {
        addressHolders[address] = (name, value.position.line)
        addresses.append(address)
      }
    }
    return addresses
  }

  private func hint(forAddress text: String) -> String {
    if let slash = text.firstIndex(of: "/"), IPAddress(text[..<slash]) != nil {
      return "without the prefix length: \(text[..<slash])"
    }
    if text.contains("%") { return "without the zone (%…)" }
    return "IPv4 as 10.77.0.1, without leading zeros, or IPv6 as 2001:db8::1"
  }
}

extension Path {
  fileprivate var isName: Bool {
    if case .field(_, "name") = self { true } else { false }
  }
}

extension Disk {
  fileprivate init?(_ value: Value) {
    guard let fields = Fields(value, .disk) else { return nil }
    let size = fields.number("GiB")
    let used = fields.number("usedGiB")
    if let size, let used, used > size, let place = fields["usedGiB"] {
      place.error("\(place.node.text ?? "") is more than the disk's size, \(fields["GiB"]?.node.text ?? "")")
    }
    self.init(
      gib: size ?? 0, usedGiB: used, writeMiBps: fields.number("writeMiBps") ?? 0,
      shared: fields["shared"]?.boolean() ?? false)
  }
}
