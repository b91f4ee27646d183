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
      case .together, .apart: break
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
    var parent: [String: String] = [:]
    func root(_ name: String) -> String {
      var name = name
      while let next = parent[name], next != name {
        parent[name] = parent[next]
        name = next
      }
      return name
    }
    var reasons: [(index: Int, vm: String)] = []
    for (index, constraint) in constraints.enumerated() {
      guard case .together(let vms) = constraint, let first = vms.first else { continue }
      reasons.append((index, first))
      for vm in vms {
        if parent[vm] == nil { parent[vm] = vm }
        parent[root(vm)] = root(first)
      }
    }
    var groups: [String: (vms: Set<String>, reasons: [Int])] = [:]
    for vm in parent.keys { groups[root(vm), default: ([], [])].vms.insert(vm) }
    for reason in reasons { groups[root(reason.vm), default: ([], [])].reasons.append(reason.index) }
    return Array(groups.values)
  }
}
