package import Model

/// What the loop remembers of an application between two decisions: what staying has lost against placements that were
/// better at some time, and until when it rests.
///
/// A loss counts against one placement throughout, and what staying gains against it is taken off (never below 0): so a
/// price that swings to and fro for less time than would repay the moves makes none. Losses begin anew where VMs are
/// elsewhere than before, whoever moved them.
package struct ActionMemory: Hashable, Sendable {
  package var rules: ActionRules
  private(set) package var rivals: [Rival] = []
  /// Where VMs were when losses were last counted, in the order of the application's.
  private var present: [String] = []
  private var vms: [String] = []
  /// How long they have been seen there, and what that gains against the placement that is wanted, and against the one
  /// before the last moves.
  private var seen = 0.0
  private var gainPerSecond = 0.0
  private var gainOfMovesPerSecond = 0.0
  /// Until when losses are counted.
  private var counted: Timestamp?
  private(set) package var restsUntil: Timestamp?
  /// What staying has lost in all, also before earlier moves: at each instant against the rival that was best. Plans
  /// that mend nothing cost no more than this divided by the patience, all of them together, and what they went ahead
  /// by.
  private(set) package var lost = 0.0
  /// What earlier moves have shown.
  private(set) package var experience = Experience()
  /// Of the moves that are advised, and whether they mend something.
  private var price = 0.0
  private var mends = false
  /// What was lost before moves that have failed, less what those cost that were made: the rest of them needn't wait.
  private var credit = 0.0
  /// The first of those that were advised and have failed.
  private var begun: Begun?

  private struct Begun: Hashable, Sendable {
    var origin: [String]
    var price: Double
  }

  package init(rules: ActionRules = ActionRules()) { self.rules = rules }

  /// A placement that was better once.
  package struct Rival: Hashable, Sendable {
    /// Hosts, in the order of the application's VMs.
    package var placement: [String]
    /// Of staying against it, as seen last.
    package var lossPerSecond: Double
    /// Until now.
    package var loss: Double
  }

  /// What to do about a plan that says `move`.
  package enum Verdict: Hashable, Sendable {
    case act
    /// A rest goes on.
    case rest(until: Timestamp)
    /// Staying has lost less than the moves cost; after how much more they are made, for what earlier ones have shown.
    case wait(loss: Double, price: Double, left: Double)
  }

  /// How many rivals are kept: those against which most was lost.
  package static let mostRivals = 6

  // MARK: - What happens

  /// Takes note of what a decision saw: how staying compares with the best placement, and with those of before.
  ///
  /// - Parameters:
  ///   - best: hosts by index; the present ones where none is better.
  ///   - span: of the data that the decision stands on, seconds; no more is counted since the decision before.
  package mutating func observe(_ instance: PlacementInstance, best: [Int], span: Double, at now: Timestamp) {
    guard let hosts = instance.present else { return }
    let names = { (placement: [Int]) in placement.map { instance.hosts[$0].name } }
    let (place, members) = (names(hosts), instance.vms.map(\.name))
    if place != present || members != vms {
      if !present.isEmpty { experience.end() }
      (present, vms, rivals, counted, seen) = (place, members, [], nil, 0)
    }
    let indices = Dictionary(instance.hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    let before = PlacementEvaluation(of: hosts, in: instance)
    let wanted = names(best)
    let mayBeLeft = !instance.boundaries.isEmpty
    if best != hosts, !rivals.contains(where: { $0.placement == wanted }) {
      rivals.append(Rival(placement: wanted, lossPerSecond: 0, loss: 0))
    }
    /// Of staying against a placement, and whether VMs could be there; nil where a host is gone.
    func loss(against names: [String]) -> (perSecond: Double, isPlace: Bool)? {
      let placement = names.compactMap { indices[$0] }
      guard placement.count == hosts.count else { return nil }
      let after = PlacementEvaluation(of: placement, in: instance)
      // Where sites open and close, a placement may be one for a while.
      let isPlace = after.isFeasible || mayBeLeft && !after.isBroken(within: 0, in: instance)
      return (Stake(from: before, to: after, in: instance).lossPerSecond, isPlace)
    }
    for index in rivals.indices {
      // A placement that breaks something is no rival just now.
      let loss = loss(against: rivals[index].placement)
      rivals[index].lossPerSecond = loss.map { $0.isPlace ? $0.perSecond : min(0, $0.perSecond) } ?? 0
    }
    gainPerSecond = -(rivals.first { $0.placement == wanted }?.lossPerSecond ?? 0)
    let former = experience.origin.flatMap { loss(against: $0) }
    gainOfMovesPerSecond = former.map { $0.isPlace ? -$0.perSecond : 0 } ?? 0
    count(span: span, at: now)
    // The newest stays: nothing was lost against it yet.
    let order = rivals.indices.sorted {
      (rivals[$0].placement == wanted ? 1 : 0, rivals[$0].loss) > (
        rivals[$1].placement == wanted ? 1 : 0, rivals[$1].loss
      )
    }
    let kept = Set(order.prefix(Self.mostRivals))
    rivals = rivals.indices.filter(kept.contains).map { rivals[$0] }
  }

  /// Counts losses on, where everything is as it was when it was last looked at.
  package mutating func count(span: Double, at now: Timestamp) {
    let since = counted.map { $0.seconds(until: now) } ?? span
    let seconds = max(0, min(since, span))
    let loss = max(0, rivals.map(\.lossPerSecond).max() ?? 0) * seconds
    lost += loss
    for index in rivals.indices {
      rivals[index].loss = max(0, rivals[index].loss + rivals[index].lossPerSecond * seconds)
    }
    experience.count(loss: loss, gain: gainOfMovesPerSecond * seconds)
    seen += seconds
    counted = now
  }

  /// Moves have been made, which took that long.
  package mutating func rest(afterMovesOf seconds: Double, at now: Timestamp) {
    restsUntil = now.advanced(bySeconds: rules.rest(afterMovesOf: seconds))
    if mends {
      experience.mend(price: price, gain: gainPerSecond * seen)
    } else {
      let begun = begun ?? Begun(origin: present, price: price)
      experience.move(from: begun.origin, price: price, whole: max(price, begun.price), loss: min(loss, price))
    }
    (rivals, present, vms, counted, seen) = ([], [], [], nil, 0)
    (credit, begun) = (0, nil)
  }

  /// Moves have failed after a share of them was made. How long to wait is up to whoever tries again.
  package mutating func fail(afterShare share: Double) {
    let share = min(1, max(0, share))
    begun = mends ? nil : begun ?? Begun(origin: present, price: price)
    experience.pay(price * share, loss: mends ? price : min(loss, price * share))
    if share > 0 { experience.leave() }
    credit = max(0, loss - price * share)
    (rivals, present, vms, counted, seen) = ([], [], [], nil, 0)
  }

  /// What staying has lost since the last moves, against the one rival against which it has lost most.
  private var loss: Double { credit + (rivals.map(\.loss).max() ?? 0) }

  package mutating func endRest() { restsUntil = nil }

  // MARK: - What follows

  /// - Parameters:
  ///   - price: of the moves.
  ///   - mends: whether VMs can't stay where they are: then nothing is waited for.
  package mutating func verdict(price: Double, mends: Bool, at now: Timestamp) -> Verdict {
    (self.price, self.mends) = (price, mends)
    if mends { return .act }
    if let restsUntil, restsUntil > now { return .rest(until: restsUntil) }
    let patience = rules.patience * price - loss
    // With more patience the bound is closer to the least, and leaves nothing.
    let sooner = rules.patience == 1 ? experience.patience(withMovesOf: price) : nil
    let left = min(patience, sooner ?? .infinity)
    return left <= 1e-9 * price ? .act : .wait(loss: loss, price: price, left: left)
  }
}

extension ActionMemory {
  /// Why nothing is done yet about a plan; nil: it is to be carried out.
  package static func words(_ verdict: Verdict, objective: Objective) -> String? {
    switch verdict {
    case .act: return nil
    case .rest(let until): return "its VMs have moved, and rest until \(until)"
    case .wait(let loss, let price, let left):
      let figure = { (value: Double) in
        switch objective {
        case .cost: Words.number(value)
        case .time: Words.duration(value)
        case .resources: Words.number(value / 3600) + " Wh"
        }
      }
      let sooner = "; since what was better before has lasted, they are made once it has lost \(figure(left)) more"
      return
        "a better placement is known, but staying has lost \(figure(loss)) so far, and the moves cost \(figure(price))"
        + (left < (price - loss) * (1 - 1e-9) ? sooner : "")
    }
  }
}
