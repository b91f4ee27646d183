public import Model

/// A live move of one VM, as its owner, the source's agent, sees it: a value that is told events and answers with
/// actions.
///
/// The rule behind all of it: **the VM's entry in the map names the only host where its frames come and go.** It
/// names the source until the hypervisor has stopped the VM there (the flip), from then on the destination. If the
/// migration fails, the copy at the host that is named is the VM, if it runs; the other is killed. It is named back,
/// by a higher epoch, only after the destination has said that it neither runs the VM nor will. While it can't be
/// asked, the VM stays fenced.
public struct Move: Hashable, Sendable {
  enum Phase: Hashable, Sendable {
    case planned
    case reserving
    /// The hypervisor's call is on.
    case migrating
    /// The call has failed, or its end is unknown: both hypervisors are read until it is certain who has the VM.
    case judging
    /// The destination doesn't run the VM: it is told to let go.
    case reclaiming
    /// The source has the VM again, which is to run on.
    case reopening
    /// The destination has it: the source is cleaned and the hosts are told.
    case arriving
    /// It is over for the VM; the destination still has to let go.
    case releasing
    case over
  }

  public internal(set) var report: MoveReport
  /// The VM's last entry as far as this move has made it.
  public internal(set) var entry: FabricEntry
  var phase = Phase.planned
  /// The map names the destination, or may; so the tap here is fenced.
  var isFlipped = false
  /// By `fence`, whatever the map says.
  var isFenced = false
  /// `entry` was announced by this value; not so after a recovery.
  var isAnnounced = false
  /// After a recovery, the epoch of the flip that may have been sent already. The same is sent again, since one more
  /// could meet the destination's own, which owns the VM as soon as it has it.
  var flipEpoch: UInt64?
  /// Why the job was aborted.
  var abortion: Abortion?
  /// What the hypervisor said when it failed.
  var failure = ""
  /// Of the current phase.
  var query = MoveQuery(number: 0)
  var source: SourceState?
  var isRemoved = false
  var isReleased = false
  /// The hosts that haven't acknowledged `entry`.
  var waiting: Set<String> = []
  var tries = 0
  var forwarding = Forwarding.none

  struct Abortion: Hashable, Sendable {
    var isByOperator: Bool
    var reason: String
  }

  enum Forwarding: Hashable, Sendable {
    case none
    case untilAllKnow
    case ending
  }

  /// - Parameter entry: the VM's in the map, which names the source.
  public init(_ request: MoveRequest, entry: FabricEntry) {
    report = MoveReport(request: request)
    self.entry = entry
  }

  public var request: MoveRequest { report.request }

  /// `finish` was among the actions.
  public var isOver: Bool { phase == .over }

  /// The VM has stood still for the move: it can't be cancelled any more.
  public var isPastReturn: Bool {
    switch phase {
    case .planned, .reserving, .releasing, .over: false
    case .migrating, .judging: isFlipped
    case .reclaiming, .reopening, .arriving: true
    }
  }

  /// Tells the move what happened.
  /// - Returns: what is to be done, in that order.
  public mutating func handle(_ event: MoveEvent, at time: Timestamp) -> [MoveAction] {
    switch event {
    case .approved: phase == .planned ? begin(at: time) : []
    case .reserved: reserved(at: time)
    case .refused(let reason): phase == .reserving ? end(.failed, reason, releasing: false, at: time) : []
    case .iteration(let round): checkRounds(round)
    case .stopped: phase == .migrating && !isFlipped ? flip(at: time) : []
    case .resumed: resumed(at: time)
    case .completed: phase == .migrating ? arrive(at: time) : []
    case .failed(let reason): phase == .migrating ? judge(reason) : []
    case .cancelled(let by): cancel(by: by, at: time)
    case .named(let entry): named(entry, at: time)
    case .acknowledged(let host, let epoch): acknowledged(by: host, epoch: epoch, at: time)
    case .source(let state, let query): query == self.query ? learn(state, at: time) : []
    case .destination(let state, let query): query == self.query ? learn(state, at: time) : []
    case .released(let query): query == self.query ? released(at: time) : []
    case .timer(let timer): fire(timer, at: time)
    }
  }

  /// Answers to earlier questions don't count from here on.
  mutating func enter(_ phase: Phase) {
    self.phase = phase
    query.number += 1
    source = nil
  }

  mutating func reach(_ step: MoveStep, at time: Timestamp) -> [MoveAction] {
    report.add(step, at: time) ? [.report(step)] : []
  }

  func record(_ step: MoveStep, epoch: UInt64? = nil, isClosed: Bool = false, at time: Timestamp) -> MoveAction {
    .journal(
      JournalRecord(
        role: .source, request: request, step: step, epoch: epoch ?? entry.epoch, result: report.result,
        reason: report.reason, isClosed: isClosed, at: time))
  }
}
