import Model

/// Legs under way, from event to event. A leg starts when it is told to; all else follows.
struct ScheduleRun {
  /// What became of a leg. Seconds from the beginning of all.
  struct Record {
    var start = 0.0
    /// The last byte has crossed.
    var sent = 0.0
    /// The VM runs at its new place, and the old one is free.
    var end = 0.0
    var bytes = 0.0
    var stoppedSeconds = 0.0
  }

  private struct Sending {
    let leg: Int
    var transfer: Transfer
    var rate: Double
    var since: Double
    var outlook: Transfer.Outlook
    var end: Double { since + outlook.seconds }
  }

  let problem: ScheduleProblem
  private(set) var rooms: MoveRooms
  private(set) var time = 0.0
  private(set) var records: [Record]
  /// What has crossed between sites until now, and its price.
  private(set) var crossed = ScheduleProblem.Crossing()
  private var crossing: ScheduleProblem.Crossing
  private var sending: [Sending] = []
  /// Legs whose last byte has crossed, and that haven't ended.
  private var switching: [Int] = []
  private var hasEnded: [Bool]
  private var leaving: [Int]
  private var arriving: [Int]
  private var senders: [Int]
  private var onPair: [Int]

  init(_ problem: ScheduleProblem) {
    self.problem = problem
    rooms = problem.rooms
    crossing = problem.crossing
    records = Array(repeating: Record(), count: problem.legs.count)
    hasEnded = Array(repeating: false, count: problem.legs.count)
    leaving = Array(repeating: 0, count: problem.instance.hosts.count)
    arriving = leaving
    senders = Array(repeating: 0, count: problem.capacities.count)
    onPair = Array(repeating: 0, count: problem.pairCount)
  }

  var isIdle: Bool { sending.isEmpty && switching.isEmpty }

  // MARK: - Starting

  /// Whether a leg may start now.
  ///
  /// - Parameter alone: it waits until nothing else is sent over its links.
  func canStart(_ index: Int, alone: Bool) -> Bool {
    let leg = problem.legs[index]
    if let before = problem.predecessors[index], !hasEnded[before] { return false }
    guard leaving[leg.from] < problem.limits.leavingHost, arriving[leg.to] < problem.limits.arrivingAtHost else {
      return false
    }
    if let pair = problem.pairs[index], onPair[pair] >= problem.limits.perSitePair { return false }
    let (first, second) = problem.links[index]
    let others = max(senders[first], senders[second])
    if others > 0, alone || others >= min(problem.mostSenders[first], problem.mostSenders[second]) { return false }
    return rooms.fits(leg.vm, to: leg.to) && (others == 0 || leavesEnough(beside: index))
  }

  /// Whether this leg, and those that would share links with it, would still come to their ends.
  private func leavesEnough(beside index: Int) -> Bool {
    let (first, second) = problem.links[index]
    func share(_ link: Int) -> Double {
      problem.capacities[link] / Double(senders[link] + (link == first || link == second ? 1 : 0))
    }
    func isEnough(_ leg: Int) -> Bool {
      min(share(problem.links[leg].0), share(problem.links[leg].1)) >= problem.leastRates[leg]
    }
    return isEnough(index) && sending.allSatisfy { isEnough($0.leg) }
  }

  mutating func start(_ index: Int) {
    let leg = problem.legs[index]
    rooms.begin(leg.vm, to: leg.to)
    leaving[leg.from] += 1
    arriving[leg.to] += 1
    if let pair = problem.pairs[index] { onPair[pair] += 1 }
    change(index, by: 1)
    records[index].start = time
    let transfer = Transfer(problem.demands[index])
    let rate = rate(of: index)
    sending.append(
      Sending(leg: index, transfer: transfer, rate: rate, since: time, outlook: transfer.outlook(at: rate)))
  }

  private func rate(of index: Int) -> Double {
    let (first, second) = problem.links[index]
    return min(
      problem.capacities[first] / Double(senders[first]), problem.capacities[second] / Double(senders[second]))
  }

  /// One more or less on a leg's links: those that share them go on at other rates.
  private mutating func change(_ index: Int, by count: Int) {
    let (first, second) = problem.links[index]
    senders[first] += count
    if second != first { senders[second] += count }
    for place in sending.indices {
      let other = problem.links[sending[place].leg]
      guard [first, second].contains(where: { $0 == other.0 || $0 == other.1 }) else { continue }
      let rate = rate(of: sending[place].leg)
      guard rate != sending[place].rate else { continue }
      sending[place].transfer.advance(by: time - sending[place].since, at: sending[place].rate)
      sending[place].since = time
      sending[place].rate = rate
      sending[place].outlook = sending[place].transfer.outlook(at: rate)
    }
  }

  // MARK: - Events

  /// Goes on to the next instants at which a leg has been sent or has ended.
  mutating func advance() {
    let next = min(
      sending.reduce(.infinity) { min($0, $1.end) }, switching.reduce(.infinity) { min($0, records[$1].end) })
    guard next.isFinite else { return }
    // Events that only rounding keeps apart are one.
    let latest = next + 1e-9 * max(1, next)
    // Sums and differences leave crumbs.
    if crossing.bytes > 1e-6 {
      crossed.bytes += crossing.bytes * (next - time)
      crossed.price += crossing.price * (next - time)
    }
    time = next
    for index in switching where records[index].end <= latest { end(index) }
    switching.removeAll { hasEnded[$0] }
    let sent = sending.filter { $0.end <= latest }
    sending.removeAll { $0.end <= latest }
    for one in sent {
      records[one.leg].sent = time
      records[one.leg].end = time + Migration.switchSeconds
      records[one.leg].bytes = one.outlook.bytes
      records[one.leg].stoppedSeconds = one.outlook.stoppedSeconds + Migration.switchSeconds
      switching.append(one.leg)
      change(one.leg, by: -1)
    }
  }

  private mutating func end(_ index: Int) {
    let leg = problem.legs[index]
    records[index].end = time
    hasEnded[index] = true
    leaving[leg.from] -= 1
    arriving[leg.to] -= 1
    if let pair = problem.pairs[index] { onPair[pair] -= 1 }
    count(leg.vm, -1)
    rooms.end(leg.vm)
    count(leg.vm, 1)
  }

  /// Adds or takes away what a VM's traffic has crossing between sites.
  private mutating func count(_ vm: Int, _ sign: Double) {
    let instance = problem.instance
    let (traffic, between) = (instance.traffic, instance.between)
    let here = instance.hostSites[rooms.hosts[vm]]
    for entry in traffic.entries(of: vm) {
      let peer = traffic.peers[entry]
      let there =
        peer < rooms.hosts.count
        ? instance.hostSites[rooms.hosts[peer]] : instance.endpointSites[peer - rooms.hosts.count]
      guard here != there else { continue }
      crossing.add(sign * traffic.bytesOut[entry], at: between.egress[between.index(from: here, to: there)])
      crossing.add(sign * traffic.bytesIn[entry], at: between.egress[between.index(from: there, to: here)])
    }
  }
}
