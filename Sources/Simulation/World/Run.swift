package import Model
internal import Planning

/// An application as it runs in a world.
struct Run {
  enum State { case absent, waiting, running, ended }

  var state = State.absent
  /// Host of each VM, by index; empty until it is placed.
  var placement: [Int] = []
  /// Seconds of work done (of a service: of its time).
  var done = 0.0
  /// Until when progress and costs are counted.
  var counted = 0.0
  var phase = 0
  /// σ against a run on speed 1.0 that never waits.
  var slowdown = 1.0
  /// Of what is on failed or closed sites, nothing goes on.
  var standing = 0
  /// VMs whose site has closed under them, to be started elsewhere.
  var stranded: Set<Int> = []
  /// Money per second.
  var hosting = 0.0
  var egress = 0.0
  /// Of the place that a move has taken and the VM isn't at yet.
  var reserved = 0.0
  /// Counts what makes earlier forecasts void.
  var version = 0
  var moves = MoveRun()
  var account = Account()
  /// When it ended, seconds from the start.
  var ended: Double?
  /// Placements that it has had, with when each began.
  var history: [(seconds: Double, placement: [Int])] = []

  /// Seconds of work per second.
  func rate(of job: Job) -> Double {
    guard state == .running else { return 0 }
    let share = standing == 0 ? 1 : job.pattern.coupling == .coupled ? 0 : 1 - Double(standing) / Double(job.count)
    return job.isService ? 1 : share / slowdown
  }
}

/// Moves that are being carried out, one after another.
struct MoveRun {
  /// Those that haven't begun.
  var steps: ArraySlice<Step> = []
  /// The one that goes on.
  var current: Step?
  var migration: Migration?
  /// Whether the one that goes on will fail at its end.
  var fails = false
  /// Nil: no plan is being carried out.
  var begins: Double?

  var isActive: Bool { current != nil }
}

/// A VM and where it is to go.
package struct Step: Hashable, Sendable {
  package var vm: Int
  package var host: Int

  package init(vm: Int, host: Int) {
    self.vm = vm
    self.host = host
  }

  /// Without those that leave a VM where it is by then.
  package static func changing(_ steps: [Step], from placement: [Int]) -> [Step] {
    var places = placement
    return steps.filter { step in
      defer { places[step.vm] = step.host }
      return places[step.vm] != step.host
    }
  }
}

/// What an application has cost, and what was done with it.
package struct Account: Hashable, Sendable {
  /// Money: for places, for data, and for moves (their data, and the places that they hold beside).
  package var hosting = 0.0
  package var egress = 0.0
  package var migration = 0.0
  /// From its arrival to its end; of a service σ times as long as it ran.
  package var seconds = 0.0
  /// Of hosts in use, watt-seconds; a host with VMs of several applications counts for each by its share of them.
  package var energy = 0.0
  /// Plans that were begun, those of them that failed, moves made, moves that failed.
  package var plans = 0
  package var failedPlans = 0
  package var moves = 0
  package var failedMoves = 0
  package var movedBytes = 0.0
  /// VMs that were lost with a site that closed, and started elsewhere.
  package var restarts = 0
  /// Seconds in which it stood still, or waited for a place.
  package var standing = 0.0
  /// Whether its work was done, or its time over.
  package var isDone = false

  package var money: Double { hosting + egress + migration }

  package func value(_ objective: Objective) -> Double {
    switch objective {
    case .cost: money
    case .time: seconds
    case .resources: energy
    }
  }
}
