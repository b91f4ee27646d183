/// Moves of all that a host holds. Watts fall only when a host becomes empty, which single moves reach only by way of
/// placements that are no better yet.
extension Annealing {
  /// Empties host after host into others in use, while that is better; those with the least on them for their watts
  /// come first.
  ///
  /// A try looks at every host for each VM of the one that is emptied.
  mutating func closeHosts(budget: SearchBudget) {
    var hasClosed = true
    while hasClosed, !budget.isOver {
      hasClosed = false
      let used = (0..<problem.hosts).filter { !members[$0].isEmpty && problem.watts[$0] > 0 }
        .map { (load: state.hostVCPUs[$0] / problem.watts[$0], host: $0) }
      for (_, host) in used.sorted(by: <) where !budget.isOver {
        budget.spend(members[host].count * problem.hosts)
        // Where its traffic is short, and if that fails where it fits best.
        if close(host, byRoom: false) || close(host, byRoom: true) { hasClosed = true }
      }
    }
  }

  private mutating func close(_ host: Int, byRoom: Bool) -> Bool {
    let leaving = members[host].sorted { (problem.vcpus[$0], $1) > (problem.vcpus[$1], $0) }
    for (index, vm) in leaving.enumerated() {
      guard let target = closingTarget(of: vm, byRoom: byRoom) else {
        for vm in leaving[..<index] { move(vm, to: host) }
        return false
      }
      move(vm, to: target)
    }
    return settle(undoing: leaving.map { ($0, host) }, allowed: -bestMargin)
  }

  /// Keeps moves that were made, if the energy has risen by no more than `allowed`; else takes them back.
  private mutating func settle(undoing moves: [(vm: Int, host: Int)], allowed: Double) -> Bool {
    let difference = currentEnergy() - energy
    guard difference < allowed else {
      for (vm, host) in moves.reversed() { move(vm, to: host) }
      return false
    }
    energy += difference
    if difference < 0 { record() }
    return true
  }

  /// A host in use, not the VM's, with room for it; nil where there is none.
  private func closingTarget(of vm: Int, byRoom: Bool) -> Int? {
    let distances = (0..<problem.sites).map { distance(of: vm, at: $0) }
    var (best, bestRank) = (-1, (Double.infinity, Double.infinity))
    for host in 0..<problem.hosts
    where host != state.hostOf[vm] && !members[host].isEmpty && problem.canHold(vm, host) && !isFull(host, for: vm) {
      if problem.apart[vm].contains(where: { state.hostOf[$0] == host }) { continue }
      let distance = distances[problem.hostSite[host]]
      let left = problem.hostVCPUs[host] - state.hostVCPUs[host]
      let rank = byRoom ? (left, distance) : (distance, left)
      if rank < bestRank { (best, bestRank) = (host, rank) }
    }
    return best < 0 ? nil : best
  }

  /// How far a VM would be from its peers at a site: its wait.
  private func distance(of vm: Int, at site: Int) -> Double {
    problem.traffic.entries(of: vm).reduce(0) { sum, entry in
      let there = state.site(of: problem.traffic.peers[entry])
      return sum + problem.traffic.waits[entry] * problem.latency[site * problem.sites + there]
    }
  }

  /// Exchanges what two hosts hold, a random one in use and any other, if that costs no more than `allowed`.
  mutating func exchangeHosts(allowed: Double) {
    let first = state.hostOf[random.next(below: problem.n)]
    let second = random.next(below: problem.hosts)
    if first == second { return }
    let moves = members[first].map { (vm: $0, host: second) } + members[second].map { (vm: $0, host: first) }
    guard moves.allSatisfy({ problem.canHold($0.vm, $0.host) }) else { return }
    for (vm, host) in moves { move(vm, to: host) }
    _ = settle(undoing: moves.map { ($0.vm, $0.host == first ? second : first) }, allowed: allowed)
  }
}
