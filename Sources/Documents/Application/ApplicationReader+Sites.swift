internal import Model

/// On which sites constraints let a VM, or VMs that stay together, be.
private struct Allowed {
  /// Nil: on any.
  var pinned: Set<String>?
  var banned: Set<String> = []
  /// Indices of the constraints that say so.
  var reasons: [Int] = []

  /// Whether a site remains; `all` are the sites that have hosts, nil where they aren't known.
  func isEmpty(of all: Set<String>?) -> Bool {
    guard let candidates = pinned.map({ pinned in all.map(pinned.intersection) ?? pinned }) ?? all else { return false }
    return candidates.isSubset(of: banned)
  }

  mutating func merge(_ other: Allowed) {
    if let more = other.pinned { pinned = pinned?.intersection(more) ?? more }
    banned.formUnion(other.banned)
    reasons += other.reasons
  }
}

extension ApplicationReader {
  /// VMs to which pins, bans and `together` leave no site.
  func checkSites(of application: Application, log: DiagnosticLog) {
    let habitable = federation.map { Set($0.sites.filter { !$0.hosts.isEmpty }.map(\.name)) }
    var allowed: [String: Allowed] = [:]
    for (index, constraint) in application.constraints.enumerated() {
      switch constraint {
      case .pin(let vm, let sites): allowed[vm, default: Allowed()].merge(Allowed(pinned: Set(sites), reasons: [index]))
      case .ban(let vm, let sites): allowed[vm, default: Allowed()].merge(Allowed(banned: Set(sites), reasons: [index]))
      case .residency(let vms, let jurisdictions):
        guard let federation else { continue }
        let sites = federation.sites.filter { $0.jurisdictions.contains(where: jurisdictions.contains) }.map(\.name)
        for vm in vms { allowed[vm, default: Allowed()].merge(Allowed(pinned: Set(sites), reasons: [index])) }
      case .together, .apart, .spread: break
      }
    }
    var told = Set<String>()
    for (vm, place) in allowed where place.isEmpty(of: habitable) {
      told.insert(vm)
      report("no site is left for \(quoted(vm))", place.reasons, application.constraints, log)
    }
    for group in togetherGroups(of: application.constraints) {
      var place = Allowed(reasons: group.reasons)
      for vm in group.vms { place.merge(allowed[vm] ?? Allowed()) }
      if group.vms.isDisjoint(with: told), place.isEmpty(of: habitable) {
        let some = group.vms.sorted().prefix(4).map(quoted) + (group.vms.count > 4 ? ["…"] : [])
        let names = some.joined(separator: ", ")
        report("no site is left for \(names), which stay together", place.reasons, application.constraints, log)
      }
    }
  }

  /// At the last of the constraints that clash, naming the lines of the others.
  private func report(_ message: String, _ reasons: [Int], _ constraints: [Constraint], _ log: DiagnosticLog) {
    guard let last = reasons.max() else { return }
    let lines = Set(reasons.filter { $0 != last }.map { constraintPositions[$0].line }).sorted()
    let others = lines.prefix(8).map(String.init).joined(separator: ", ") + (lines.count > 8 ? ", …" : "")
    let isPin = if case .pin = constraints[last] { true } else { false }
    let alone = isPin ? "none of its sites has hosts" : "no other site has hosts"
    let hint = lines.isEmpty ? alone : "see also line\(lines.count > 1 ? "s" : "") \(others)"
    log.error(at: constraintPositions[last], "constraints[\(last)]: \(message)", hint: hint)
  }

  /// VMs that `together` constraints join, directly or through others, with the indices of these constraints.
  private func togetherGroups(of constraints: [Constraint]) -> [(vms: Set<String>, reasons: [Int])] {
    var numbers: [String: Int] = [:]
    var names: [String] = []
    var sets: [(index: Int, members: [Int])] = []
    for (index, constraint) in constraints.enumerated() {
      guard case .together(let vms) = constraint, !vms.isEmpty else { continue }
      for vm in vms where numbers[vm] == nil {
        numbers[vm] = names.count
        names.append(vm)
      }
      sets.append((index, vms.compactMap { numbers[$0] }))
    }
    var reasons: [Int: [Int]] = [:]
    let groups = DisjointSets.merged(sets.map(\.members), count: names.count)
    var groupOf = [Int](repeating: 0, count: names.count)
    for (group, members) in groups.enumerated() {
      for member in members { groupOf[member] = group }
    }
    for set in sets { reasons[groupOf[set.members[0]], default: []].append(set.index) }
    return groups.enumerated().map { group, members in (Set(members.map { names[$0] }), reasons[group] ?? []) }
  }
}
