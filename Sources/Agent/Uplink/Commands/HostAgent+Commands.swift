internal import GRPCCore
internal import Moves
internal import SwiftProtobuf
internal import Synchronization
internal import Wire

/// The controller's commands, as this host carries them out.
extension HostAgent {
  /// - Parameter isInterrupted: an agent before this one had begun.
  /// - Returns: why it wasn't done; empty: it was.
  nonisolated func carryOut(
    _ command: Transhumance_V1_Command, isInterrupted: Bool, tell: @escaping @Sendable (MigrateProgress) async -> Void
  ) async -> String {
    do {
      switch command.content {
      case .migrate(let request):
        return isInterrupted
          ? try await outcome(of: request, tell: tell) : try await migrate(request, tell: tell)
      case .start(let request): return await start(request, by: command.by).joined(separator: "; ")
      case .cancel(let reference):
        try await cancelAnywhere(reference)
        return ""
      case nil: return "this agent doesn't know that command"
      }
    } catch {
      return error.callReason
    }
  }

  private nonisolated func migrate(
    _ request: MigrateRequest, tell: @escaping @Sendable (MigrateProgress) async -> Void
  ) async throws -> String {
    let outcome = MoveOutcome()
    try await migrateAnywhere(request) { progress in
      outcome.note(progress, isDryRun: request.dryRun)
      await tell(progress)
    }
    return outcome.failure
  }

  /// What became of a move that an agent before this one was told to make; returns when that is certain.
  private nonisolated func outcome(
    of request: MigrateRequest, tell: @escaping @Sendable (MigrateProgress) async -> Void
  ) async throws -> String {
    while await isUndecided(request.vm) { try await Task.sleep(for: .milliseconds(200)) }
    if let report = await lastMove(of: request) {
      await tell(.with { $0.finished = report })
      return report.failure
    }
    if await map[request.vm]?.host == request.to { return "" }
    return "the agent of \(name) ended before the move of \(request.vm) had begun"
  }

  private func lastMove(of request: MigrateRequest) -> Wire.MoveReport? {
    moves.reports.last { $0.vm == request.vm && $0.to == request.to }
  }

  private func isUndecided(_ vm: String) -> Bool { !hasRecovered || moves.isActive(vm) }
}

/// Why a move wasn't made, as its progress tells.
private final class MoveOutcome: Sendable {
  private let state = Mutex("the move's end isn't known")

  /// Empty: it was.
  var failure: String { state.withLock { $0 } }

  func note(_ progress: MigrateProgress, isDryRun: Bool) {
    switch progress.progress {
    case .preflight(let preflight):
      if !preflight.problems.isEmpty {
        state.withLock { $0 = preflight.problems.joined(separator: "; ") }
      } else if preflight.nothingToDo || isDryRun {
        state.withLock { $0 = "" }
      }
    case .finished(let report): state.withLock { $0 = report.failure }
    case .step, .copy, nil: break
    }
  }
}

extension Wire.MoveReport {
  /// Empty where the VM is at its destination.
  fileprivate var failure: String {
    if result == MoveResult.done.rawValue { return "" }
    return reason.isEmpty ? result : "\(result): \(reason)"
  }
}
