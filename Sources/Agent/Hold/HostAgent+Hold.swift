internal import GRPCCore
internal import Linux
internal import Logging
internal import Model
internal import Moves
internal import SwiftProtobuf
internal import Wire

/// A host that an operator has asked to be kept as it is.
extension HostAgent {
  /// Holds this host, or lets it go; what has begun goes on to its end.
  ///
  /// The disk comes first where the host is let go, and last where it is held: whatever fails, nothing begins that
  /// wasn't wanted.
  ///
  /// - Returns: once it is on the disk.
  func hold(_ request: Transhumance_V1_HoldRequest) throws(RPCError) -> Transhumance_V1_HoldReply {
    guard request.reason.utf8.count <= WireLimits.longestText, request.by.utf8.count <= WireLimits.longestName else {
      throw RPCError(
        code: .invalidArgument,
        message: "the reason of a hold has \(WireLimits.longestText) octets at most, a name \(WireLimits.longestName)")
    }
    let before = held
    if request.undo {
      try letGo()
    } else {
      // In whole seconds, for people.
      let now = Timestamp(nanoseconds: Timestamp.now.nanoseconds / 1_000_000_000 * 1_000_000_000)
      try hold(HostHold(reason: request.reason.onOneLine, by: request.by.onOneLine, since: now))
    }
    return .with {
      $0.host = name
      if let held { $0.hold = held.message }
      if let before { $0.before = before.message }
      $0.moving = (Array(reservations.keys) + moves.running.values.map(\.move.report.request.vm)).sorted()
    }
  }

  private func hold(_ hold: HostHold) throws(RPCError) {
    held = hold
    logger.notice("\(hold.words(of: name))")
    do {
      try holdFile.save(hold)
    } catch {
      logger.critical("the hold can't be written: \(error)")
      throw RPCError(
        code: .unavailable,
        message: "\(name) is held, but that can't be written down, and is lost when its agent ends: \(error)")
    }
  }

  private func letGo() throws(RPCError) {
    do {
      try holdFile.save(nil)
    } catch {
      throw RPCError(code: .unavailable, message: "\(name) stays held, since its hold can't be removed: \(error)")
    }
    if held != nil { logger.notice("\(name) isn't held any more") }
    held = nil
  }

  /// What keeps a move or a VM's start from beginning here; empty where nothing does.
  var problemsOfHold: [String] {
    held.map { ["\($0.words(of: name)) (`transhumance hold --undo` there ends that)"] } ?? []
  }
}
