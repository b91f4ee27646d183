internal import Libvirt
internal import Linux
internal import Model
internal import Moves
internal import SwiftProtobuf
internal import Wire

/// A move that this agent owns, with what belongs to it in this process. Confined to the agent's actor.
final class RunningMove {
  var move: Move
  var limits: CopyLimits
  /// Operators who look on.
  var watchers: [AsyncStream<MigrateProgress>.Continuation] = []
  var timers: [MoveTimer: Task<Void, Never>] = [:]
  /// Notes when frames come out of the VM here.
  var frames: FrameClock?
  /// Where the destination's hypervisor listens.
  var hypervisorURI = ""
  var copied: JobStatistics?
  var gapSeconds: Double?

  init(_ move: Move, limits: CopyLimits = CopyLimits()) {
    self.move = move
    self.limits = limits
  }

  var identifier: String { move.report.request.identifier }

  func tell(_ progress: MigrateProgress) {
    for watcher in watchers { watcher.yield(progress) }
  }

  /// What operators read of it.
  var message: Wire.MoveReport {
    var message = Wire.MoveReport(move.report)
    if let copied {
      message.downtimeSeconds = Double(copied.downtimeMilliseconds) / 1000
      message.transferBytes = copied.dataProcessed
      message.rounds = UInt32(clamping: copied.iteration)
    }
    if let gapSeconds { message.gapSeconds = gapSeconds }
    return message
  }
}

extension Wire.MoveReport {
  init(_ report: Moves.MoveReport) {
    self.init()
    identifier = report.request.identifier
    vm = report.request.vm
    from = report.request.from
    to = report.request.to
    by = report.request.by ?? ""
    result = report.result?.rawValue ?? ""
    reason = report.reason
    steps = report.steps.map { step in
      .with {
        $0.step = step.step.rawValue
        $0.at = step.at.nanoseconds
      }
    }
    end(at: report.endedAt?.nanoseconds)
  }
}

extension Wire.MoveReport {
  /// Completes steps and duration. An end that is no step of its own is shown by its result's name.
  mutating func end(at time: Int64?) {
    if let time, result != MoveResult.done.rawValue {
      steps.append(
        .with {
          $0.step = result
          $0.at = time
        })
    }
    guard let first = steps.first, let last = steps.last else { return }
    totalSeconds = Double(last.at - first.at) / 1e9
  }
}

/// The moves that an agent owns, and the latest of those that have ended.
struct MoveBook {
  private(set) var running: [String: RunningMove] = [:]
  /// As a move, since its gap is measured after its end; of an earlier agent, as its journal tells.
  private var ended: [Ended] = []
  private var count = 0

  /// Ended moves that are listed.
  static let kept = 200

  mutating func nextNumber() -> Int {
    count += 1
    return count
  }

  /// The identifier of a VM's move that goes on.
  func active(_ vm: String) -> String? {
    running.values.first { $0.move.report.request.vm == vm }?.identifier
  }

  func isActive(_ vm: String) -> Bool { active(vm) != nil }

  mutating func add(_ move: RunningMove) { running[move.identifier] = move }

  mutating func end(_ identifier: String) {
    guard let move = running.removeValue(forKey: identifier) else { return }
    ended.append(.move(move))
    if ended.count > Self.kept { ended.removeFirst() }
  }

  mutating func addEnded(_ report: Wire.MoveReport) { ended.append(.report(report)) }

  private enum Ended {
    case move(RunningMove)
    case report(Wire.MoveReport)

    var message: Wire.MoveReport {
      switch self {
      case .move(let move): move.message
      case .report(let report): report
      }
    }
  }

  var reports: [Wire.MoveReport] {
    ended.map(\.message) + running.values.map(\.message).sorted { $0.identifier < $1.identifier }
  }
}
