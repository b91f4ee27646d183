internal import Linux
internal import Model
internal import Traffic

/// What a sensor knows between two blocks of its ring.
struct SensorState: ~Copyable {
  private let configuration: SensorConfiguration
  private var counter: LiveCounter
  private var sequence: UInt64 = 0

  private var taps: [SensedTap: Tap] = [:]
  private var machines: [NamedMachine] = []
  private var networks: [String: UInt16] = [:]
  private var interfaces = InterfaceTable()
  /// The kernel doesn't have it yet as a filter.
  private var isFilterDue = false
  /// For what the ring still holds of interfaces that are watched no longer; those that left first come first.
  private var leaving: [LeavingInterface] = []
  private var nextSearch: UInt64 = 0
  /// What the kernel's clock shows more than the one that nobody sets.
  private var clockDifference: Int64
  /// Frames that taps of each VM have dropped in this period.
  private var tapDropped: [String: UInt64] = [:]

  private struct Tap {
    var number: Int
    /// Nil: there is no such interface.
    var interface: UInt32?
    /// Frames that it had dropped when that was last looked at.
    var dropped: UInt64?
  }

  private struct LeavingInterface {
    var interface: UInt32
    var tap: Int
    /// By the kernel's clock, nanoseconds since 1970.
    var until: Int64
  }

  init(_ configuration: SensorConfiguration) {
    self.configuration = configuration
    let now = KernelClock.now &+ configuration.clockOffset()
    clockDifference = now &- Int64(clamping: RealTime.now)
    counter = LiveCounter(
      periodLength: configuration.periodNanoseconds, start: now, fixed: configuration.fixedEndpoints)
  }

  // MARK: - Counting

  mutating func take(_ event: PacketRing.Event, from ring: PacketRing) {
    let offset = configuration.clockOffset()
    switch event {
    case .block(let block):
      block.forEach { bytes, facts in
        guard let tap = leaving.isEmpty ? interfaces[facts.interface] : owner(of: facts) else { return }
        counter.count(bytes, TapFrame(facts, clockOffset: offset), tap: tap)
      }
    case .drained(let now):
      noticeSteps(of: now &+ offset)
      let settled = now &- PacketRing.settlingNanoseconds
      leaving.removeAll { $0.until < settled }
      counter.advance(to: settled &+ offset)
      // What the kernel refuses now it is asked for again in a second.
      if RealTime.now >= nextSearch { try? findInterfaces(ring) }
    }
  }

  /// The tap of a frame, by its time: an interface that comes again has the same index.
  @inline(never)
  private func owner(of facts: FrameFacts) -> Int? {
    guard let left = leaving.first(where: { $0.interface == facts.interface && facts.time <= $0.until }) else {
      return interfaces[facts.interface]
    }
    return counter.isWatched(left.tap) ? left.tap : nil
  }

  /// A clock that is set takes the present period along.
  private mutating func noticeSteps(of now: Int64) {
    let difference = now &- Int64(clamping: RealTime.now)
    let step = difference &- clockDifference
    clockDifference = difference
    // Clocks are slewed by 0.05 % at most (adjtimex(2)), and the thread may lose the processor between two readings.
    guard step.magnitude > 250_000_000 else { return }
    // Times can't be compared with what the ring holds from before.
    leaving = []
    counter.restart(
      at: now, because: "the clock was set \(step > 0 ? "forward" : "back") by \(Double(step.magnitude) / 1e9) s within it")
  }

  // MARK: - Reports

  /// Ends the period that goes on; the last that is called.
  mutating func finish() {
    counter.finish(at: KernelClock.now &+ configuration.clockOffset())
  }

  /// Reports of the periods that were closed since the last call. What the ring and the taps have dropped since then is in
  /// the first of them.
  mutating func takeReports(_ ring: PacketRing) -> [SensorReport] {
    let closed = counter.takeClosed()
    if closed.isEmpty { return [] }
    var dropped = ring.takeDropped()
    noteTapDrops()
    defer { tapDropped = [:] }
    var unknown: [String: String] = [:]
    for (tap, state) in taps where state.interface == nil {
      unknown[tap.vm] = "there is no interface \(tap.interface) in this network namespace"
    }
    return closed.map { period in
      sequence += 1
      var report = SensorReport(
        host: configuration.host, incarnation: configuration.incarnation, sequence: sequence, period: period.period,
        incomplete: period.incomplete ?? (dropped > 0 ? "its sensor lost \(dropped) frames" : nil),
        accounting: period.accounting, received: period.received, sent: period.sent,
        clockErrorSeconds: KernelClock.errorSeconds)
      report.accounting.dropped = dropped
      report.vms = period.vms.map { vm in
        SensedVM(
          name: vm.name, tapDropped: tapDropped.removeValue(forKey: vm.name) ?? 0, spoofed: vm.spoofed,
          unknown: unknown[vm.name])
      }
      dropped = 0
      return report
    }
  }

  private mutating func noteTapDrops() {
    let counts = NetworkInterfaces.droppedOnSending()
    for (tap, state) in taps {
      guard state.interface != nil, let now = counts[tap.interface] else { continue }
      // A new interface of the same name begins from 0.
      if let before = state.dropped { tapDropped[tap.vm, default: 0] += now >= before ? now - before : now }
      taps[tap]?.dropped = now
    }
  }

  // MARK: - Taps

  mutating func update(taps wanted: [SensedTap], machines: [NamedMachine], ring: PacketRing) throws(PacketRingError) {
    let wanted = Set(wanted)
    let gone = taps.filter { !wanted.contains($0.key) }
    if !gone.isEmpty { noteTapDrops() }
    let now = KernelClock.now
    for (tap, state) in gone {
      counter.detach(state.number, at: now &+ configuration.clockOffset())
      leave(state, at: now)
      taps[tap] = nil
    }
    if machines != self.machines {
      self.machines = machines
      counter.name(
        machines.map { SensedMachine(name: $0.vm, network: number(ofNetwork: $0.network), mac: $0.mac) })
    }
    let new = wanted.filter { taps[$0] == nil }
    for tap in new {
      let number = counter.attach(vm: tap.vm, network: number(ofNetwork: tap.network), mac: tap.mac)
      taps[tap] = Tap(number: number)
    }
    if !gone.isEmpty || !new.isEmpty { try findInterfaces(ring, isChanged: true) }
  }

  private mutating func leave(_ tap: Tap, at time: Int64) {
    guard let interface = tap.interface else { return }
    leaving.append(LeavingInterface(interface: interface, tap: tap.number, until: time))
  }

  private mutating func number(ofNetwork name: String) -> UInt16 {
    if let known = networks[name] { return known }
    let number = UInt16(clamping: networks.count)
    networks[name] = number
    return number
  }

  /// Looks for the taps' interfaces, which come and go; one that comes again under its name has another index.
  private mutating func findInterfaces(_ ring: PacketRing, isChanged: Bool = false) throws(PacketRingError) {
    nextSearch = RealTime.now + 1_000_000_000
    if isChanged { isFilterDue = true }
    for (tap, state) in taps {
      let index = NetworkInterfaces.index(of: tap.interface)
      guard index != state.interface else { continue }
      isFilterDue = true
      leave(state, at: KernelClock.now)
      taps[tap]?.interface = index
      taps[tap]?.dropped = nil
    }
    guard isFilterDue else { return }
    let known = taps.values.compactMap { tap in tap.interface.map { ($0, tap.number) } }
    interfaces = InterfaceTable(Dictionary(known, uniquingKeysWith: { first, _ in first }))
    try ring.take(interfaces: known.map(\.0))
    isFilterDue = false
    let counts = NetworkInterfaces.droppedOnSending()
    for (tap, state) in taps where state.dropped == nil { taps[tap]?.dropped = counts[tap.interface] }
  }
}

extension TapFrame {
  /// As the kernel has it, by a clock that shows so much more.
  @inline(__always)
  fileprivate init(_ facts: FrameFacts, clockOffset: Int64) {
    self.init(
      time: facts.time &+ clockOffset, bytes: facts.bytes, isReceived: facts.isOutgoing, hasTag: facts.hasTag,
      segmentBytes: 0)
    if facts.segmentBytes != 0 { cut(facts) }
  }

  @inline(never)
  private mutating func cut(_ facts: FrameFacts) {
    switch facts.segmentation {
    // Virtual I/O Device 1.2, §5.1.6: TCP over IPv4 and IPv6, UDP datagrams, fragments of UDP.
    case 1, 4: segmentation = .tcp
    case 5: segmentation = .udp
    case 3: segmentation = .fragments
    default: return
    }
    segmentBytes = facts.segmentBytes
  }
}
