internal import Model

extension Site {
  init?(_ value: Value, names: inout (sites: NameTable, hosts: NameTable), now: Timestamp?) {
    guard let fields = Fields(value, .site) else { return nil }
    let name = fields.name()
    if let name, let place = fields["name"] { names.sites.add(name, at: place) }
    var hosts: [Host] = []
    for item in fields.items("hosts") {
      if let host = Host(item, names: &names.hosts) { hosts.append(host) }
    }
    self.init(
      name: name ?? "", kind: fields["kind"]?.choice(Kind.self),
      availableUntil: fields["availableUntil"]?.timestamp(), windows: TimeWindow.all(of: fields, now: now),
      quota: fields["quota"].flatMap(Quota.init) ?? Quota(), price: fields["price"].flatMap(Price.init) ?? Price(),
      jurisdictions: fields["jurisdictions"]?.names("jurisdiction") ?? [],
      headroom: fields.number("headroom", .share) ?? 0, isDrained: fields["drain"]?.boolean() ?? false, hosts: hosts)
  }
}

extension Host {
  fileprivate init?(_ value: Value, names: inout NameTable) {
    guard let fields = Fields(value, .host) else { return nil }
    let name = fields.name()
    if let name, let place = fields["name"] { names.add(name, at: place) }
    self.init(
      name: name ?? "", vcpus: fields.number("vcpus", .positive) ?? 1, memoryGiB: fields.number("memoryGiB"),
      speed: fields.number("speed", .positive) ?? 1, watts: fields.number("watts") ?? 1,
      headroom: fields.number("headroom", .share), isDrained: fields["drain"]?.boolean() ?? false,
      cpuModel: fields.name("cpuModel"), qemuVersion: fields["qemuVersion"]?.qemuVersion())
  }
}

extension Quota {
  fileprivate init?(_ value: Value) {
    guard let fields = Fields(value, .quota) else { return nil }
    self.init(
      vcpus: fields.number("vcpus"), memoryGiB: fields.number("memoryGiB"), vcpuHours: fields.number("vcpuHours"),
      vms: fields["vms"]?.wholeNumber(0...1_000_000_000))
  }
}

extension Price {
  fileprivate init?(_ value: Value) {
    guard let fields = Fields(value, .price) else { return nil }
    self.init(
      vmHour: fields.number("vmHour") ?? 0, vcpuHour: fields.number("vcpuHour") ?? 0,
      memoryGiBHour: fields.number("memoryGiBHour") ?? 0)
  }
}
