internal import Model

extension ApplicationReader {
  mutating func constraint(_ value: Value) -> Constraint? {
    guard case .mapping(let entries) = value.node.content else {
      value.error("must be a constraint, which is a mapping; this is \(value.node.kind)", hint: Self.kinds)
      return nil
    }
    let kinds = Shape.constraints.filter { shape in entries.contains { $0.key.text == shape.required[0] } }
    guard kinds.count == 1 else {
      tellKind(of: value, named: entries.compactMap(\.key.text), kinds)
      return nil
    }
    guard let fields = Fields(value, kinds[0]) else { return nil }
    constraintPositions.append(value.position)
    return switch kinds[0] {
    case .pin: .pin(vm: fields["pin"].flatMap(vms.reference) ?? "", sites: siteList(fields))
    case .ban: .ban(vm: fields["ban"].flatMap(vms.reference) ?? "", sites: siteList(fields))
    case .together: .together(vmList(fields, "together"))
    case .apart: .apart(vmList(fields, "apart"))
    case .spread: spread(fields)
    default: .residency(vmList(fields, "residency", least: 1), jurisdictions: jurisdictions(fields))
    }
  }

  private static let kinds =
    "one of {pin: VM, sites: […]}, {ban: VM, sites: […]}, {together: [VM, …]}, {apart: [VM, …]}, "
    + "{spread: [VM, …], maximumPerSite: N}, {residency: [VM, …], jurisdictions: […]}"

  private func tellKind(of value: Value, named names: [String], _ kinds: [Shape]) {
    let words = Shape.constraints.map { $0.required[0] }
    if kinds.isEmpty {
      let meant = names.lazy.compactMap { value.log.nearest($0, among: words) }.first
      value.error("is no constraint", hint: meant.map { "did you mean \(quoted($0))?" } ?? Self.kinds)
    } else {
      let several = kinds.map { $0.required[0] }.joined(separator: " and ")
      value.error("is several constraints at once: \(several)", hint: "write one entry for each")
    }
  }

  private func siteList(_ fields: Fields) -> [String] {
    guard let list = fields["sites"] else { return [] }
    let items = list.items()
    if items.isEmpty, case .sequence = list.node.content { list.error("lists no site", hint: "at least one") }
    return unique(items, read: site)
  }

  private func spread(_ fields: Fields) -> Constraint {
    let vms = vmList(fields, "spread")
    let most = fields["maximumPerSite"]?.wholeNumber(1...1_000_000_000) ?? 1
    return .spread(vms, maximumPerSite: most)
  }

  private func jurisdictions(_ fields: Fields) -> [String] {
    guard let list = fields["jurisdictions"] else { return [] }
    let names = list.names("jurisdiction")
    guard let federation else { return names }
    let known = federation.sites.flatMap(\.jurisdictions).reduce(into: [String]()) { known, name in
      if !known.contains(name) { known.append(name) }
    }
    for item in list.items() {
      guard let name = item.node.text, !name.isEmpty, !known.contains(name) else { continue }
      item.error(
        "no site of the federation is in \(quoted(name))",
        hint: list.log.suggestion(for: name, among: known, listed: "there are") ?? "no site says in which it is")
    }
    return names
  }

  private func vmList(_ fields: Fields, _ name: String, least: Int = 2) -> [String] {
    guard let list = fields[name] else { return [] }
    let items = list.items()
    if items.count < least, case .sequence = list.node.content {
      list.error("lists \(items.isEmpty ? "no VM" : "one VM only")", hint: "at least \(least == 1 ? "one" : "two")")
    }
    return unique(items, read: vms.reference)
  }

  private func unique(_ items: [Value], read: (Value) -> String?) -> [String] {
    var seen = Set<String>()
    return items.compactMap { item in
      guard let name = read(item) else { return nil }
      if !seen.insert(name).inserted { item.error("\(quoted(name)) is listed twice") }
      return name
    }
  }
}
