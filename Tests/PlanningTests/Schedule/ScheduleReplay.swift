import Model
import Planning

/// Live migrations under way, moved from instant to instant: written apart from the scheduler, to replay what it says
/// and to try what else could be done. Rates are worked out anew at every instant, for every move, round by round.
struct ScheduleReplay {
  struct Move: Hashable {
    var vm: Int
    var from: Int
    var to: Int
  }

  /// A move under way.
  private struct Copy {
    var move: Int
    /// Bytes still to send of this part, and what is written anew meanwhile to what was sent, bytes per second.
    var left: Double
    var growth: Double
    var parts: [(bytes: Double, growth: Double)]
    var seconds = 0.0
    var isMemory: Bool
    var isLast = false
    /// Of the switch, once all has been sent.
    var switching: Double?
    var bytes = 0.0
  }

  let instance: PlacementInstance
  let limits: MoveLimits
  let moves: [Move]
  private(set) var now = 0.0
  private(set) var ends: [Double?]
  private(set) var starts: [Double?]
  private(set) var bytes: [Double]
  private(set) var places: [Int]
  private var copies: [Copy] = []
  private(set) var crossed = 0.0

  init(_ moves: [Move], from present: [Int], in instance: PlacementInstance, limits: MoveLimits) {
    (self.moves, self.instance, self.limits, places) = (moves, instance, limits, present)
    ends = moves.map { _ in nil }
    starts = ends
    bytes = moves.map { _ in 0 }
  }

  var isOver: Bool { copies.isEmpty && ends.allSatisfy { $0 != nil } }
  var isIdle: Bool { copies.isEmpty }

  private func site(_ host: Int) -> Int { instance.hostSites[host] }

  // MARK: - What is broken

  /// Everything that a start now would break, in words; empty: it may start.
  func objections(to index: Int) -> [String] {
    var started = self
    var problems: [String] = []
    let move = moves[index]
    if starts[index] != nil { problems.append("started twice") }
    if places[move.vm] != move.from { problems.append("vm\(move.vm) isn't at \(move.from)") }
    if copies.contains(where: { moves[$0.move].vm == move.vm }) { problems.append("vm\(move.vm) is on a move") }
    if !problems.isEmpty { return problems }
    started.start(index)
    return started.broken(by: move)
  }

  /// What is broken now: rooms, quotas, separations, limits of what may be under way, and moves that would never end.
  ///
  /// - Parameter arrival: only what this move has to do with (a placement to be mended may break other things).
  func broken(by arrival: Move) -> [String] {
    var problems: [String] = []
    let under = copies.map { moves[$0.move] }
    // Host by host: who is there, and who has a place kept.
    func on(_ host: Int) -> [Int] {
      places.indices.filter { places[$0] == host } + under.filter { $0.to == host }.map(\.vm)
    }
    let here = on(arrival.to)
    let host = instance.hosts[arrival.to]
    if here.reduce(0, { $0 + instance.vms[$1].vcpus }) > host.vcpus + 1e-6 { problems.append("vCPUs of \(host.name)") }
    if let most = host.memoryGiB, here.reduce(0, { $0 + instance.vms[$1].memoryGiB }) > most + 1e-6 {
      problems.append("memory of \(host.name)")
    }
    for set in instance.apart where set.contains(arrival.vm) && Set(here).intersection(set).count > 1 {
      problems.append("apart at \(host.name)")
    }
    if site(arrival.from) != site(arrival.to) {
      let place = instance.sites[site(arrival.to)]
      let there = places.indices.filter { vm in
        site(places[vm]) == site(arrival.to) || under.contains { $0.vm == vm && site($0.to) == site(arrival.to) }
      }
      if let most = place.quota.vcpus, there.reduce(0, { $0 + instance.vms[$1].vcpus }) > most + 1e-6 {
        problems.append("vCPUs of the quota of \(place.name)")
      }
      if let most = place.quota.memoryGiB, there.reduce(0, { $0 + instance.vms[$1].memoryGiB }) > most + 1e-6 {
        problems.append("memory of the quota of \(place.name)")
      }
      let sending = copies.filter { $0.switching == nil }.map { moves[$0.move] }
      if sending.count(where: { site($0.from) == site(arrival.from) && site($0.to) == site(arrival.to) })
        > limits.perLink
      {
        problems.append("moves over the link to \(place.name)")
      }
      let ends = Set([site(arrival.from), site(arrival.to)])
      if under.count(where: { Set([site($0.from), site($0.to)]) == ends }) > limits.perSitePair {
        problems.append("moves between two sites")
      }
    }
    if !instance.allowed[arrival.vm * instance.sites.count + site(arrival.to)] { problems.append("pin or ban") }
    if under.count(where: { $0.from == arrival.from }) > limits.leavingHost { problems.append("moves from a host") }
    if under.count(where: { $0.to == arrival.to }) > limits.arrivingAtHost { problems.append("moves to a host") }
    for copy in copies where copy.switching == nil {
      if (try? Migration(of: instance.vms[moves[copy.move].vm], bandwidth: rate(copy) * (1 + 1e-9))) == nil {
        problems.append("vm\(moves[copy.move].vm) never ends")
      }
    }
    return problems
  }

  // MARK: - Time

  mutating func start(_ index: Int) {
    let vm = instance.vms[moves[index].vm]
    var parts = vm.disks.filter { !$0.shared }.map {
      (bytes: $0.usedGiB * 1_073_741_824, growth: $0.writeMiBps * 1_048_576)
    }
    parts.append((vm.memoryGiB * 1_073_741_824, 0))
    let first = parts.removeFirst()
    copies.append(
      Copy(move: index, left: first.bytes, growth: first.growth, parts: parts, isMemory: parts.isEmpty))
    starts[index] = now
  }

  private func rate(_ copy: Copy) -> Double {
    let move = moves[copy.move]
    let sending = copies.filter { $0.switching == nil }.map { moves[$0.move] }
    let bandwidth = instance.between.bandwidth[site(move.from) * instance.sites.count + site(move.to)]
    guard site(move.from) != site(move.to) else {
      let inside = sending.filter { site($0.from) == site($0.to) }
      return bandwidth
        / Double(max(inside.count { $0.from == move.from }, inside.count { $0.to == move.to }))
    }
    return bandwidth / Double(sending.count { site($0.from) == site(move.from) && site($0.to) == site(move.to) })
  }

  /// Seconds to the next end of a round, a disk, a copy or a switch; nil where nothing is under way.
  private var untilNext: Double? {
    copies.map { copy in
      if let switching = copy.switching { return switching }
      let rate = rate(copy)
      return rate == .infinity ? 0 : copy.left / (rate - copy.growth)
    }.min()
  }

  /// Goes on to the next instant at which a move has ended or its last byte has crossed.
  mutating func goOn() {
    var isEvent = false
    while !isEvent, let seconds = untilNext {
      isEvent = pass(seconds)
    }
  }

  /// Goes on to a time, through all events before.
  mutating func goOn(to time: Double) {
    while let seconds = untilNext, now + seconds <= time + 1e-7 { _ = pass(seconds) }
    if time > now { _ = pass(time - now) }
  }

  private mutating func pass(_ seconds: Double) -> Bool {
    let rates = copies.map { $0.switching == nil ? rate($0) : 0 }
    crossed += crossing * seconds
    now += seconds
    var isEvent = false
    for place in copies.indices {
      if let switching = copies[place].switching {
        copies[place].switching = switching - seconds
        continue
      }
      let sent = rates[place] == .infinity ? copies[place].left : rates[place] * seconds
      copies[place].bytes += sent
      copies[place].left -= rates[place] == .infinity ? sent : sent - copies[place].growth * seconds
      copies[place].seconds += seconds
      if copies[place].left <= 1e-3 { isEvent = nextPart(place, rates[place]) || isEvent }
    }
    for copy in copies where copy.switching.map({ $0 <= 1e-9 }) ?? false {
      ends[copy.move] = now
      bytes[copy.move] = copy.bytes
      places[moves[copy.move].vm] = moves[copy.move].to
      isEvent = true
    }
    copies.removeAll { ends[$0.move] != nil }
    return isEvent
  }

  /// - Returns: whether everything has been sent.
  private mutating func nextPart(_ place: Int, _ rate: Double) -> Bool {
    var copy = copies[place]
    let seconds = copy.seconds
    copy.seconds = 0
    if !copy.isMemory {
      (copy.left, copy.growth) = copy.parts.removeFirst()
      copy.isMemory = copy.parts.isEmpty
    } else if copy.isLast {
      copy.switching = 0.05
    } else {
      let written = min(
        instance.vms[moves[copy.move].vm].dirtyMiBps * 1_048_576 * seconds,
        instance.vms[moves[copy.move].vm].memoryGiB * 1_073_741_824)
      copy.left = written
      copy.isLast = written <= 0.3 * rate * (1 + 1e-9)
    }
    copies[place] = copy
    return copy.switching != nil
  }

  /// IP bytes per second between sites now.
  var crossing: Double {
    var sum = 0.0
    for vm in places.indices {
      for entry in instance.traffic.entries(of: vm) {
        let peer = instance.traffic.peers[entry]
        let there = peer < places.count ? site(places[peer]) : instance.endpointSites[peer - places.count]
        guard there != site(places[vm]) else { continue }
        sum += instance.traffic.bytesOut[entry] + (peer < places.count ? 0 : instance.traffic.bytesIn[entry])
      }
    }
    return sum
  }
}
