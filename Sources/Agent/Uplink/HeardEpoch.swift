internal import Linux
package import Logging
internal import Synchronization
internal import SystemPackage
internal import Wire

/// The highest epoch of a leader that this host has heard of, of which no restart makes it forget: a leader that was
/// followed by another is obeyed no more.
package final class HeardEpoch: Sendable {
  private struct State {
    var highest: UInt64 = 0
    /// What a leader itself has said.
    var ofLeader: UInt64 = 0
    var isWritten = true
    var isTold = false
  }
  private let state: Mutex<State>
  private let path: FilePath?
  private let logger: Logger?

  /// Remembered by this process alone.
  package init() {
    (path, logger) = (nil, nil)
    state = Mutex(State())
  }

  /// In the file `epoch` of the folder. One that can't be read counts as none: whoever is heard of next tells.
  package init(folder: String, logger: Logger) {
    let path = FilePath(folder).appending("epoch")
    (self.path, self.logger) = (path, logger)
    do {
      let text = String(decoding: try DurableFile.read(path) ?? Array("0".utf8), as: UTF8.self)
      let number = UInt64(text.filter { !$0.isWhitespace })
      if number == nil { logger.error("\(path) has no epoch of a leader in it: none is remembered") }
      state = Mutex(State(highest: number ?? 0, ofLeader: number ?? 0))
    } catch {
      logger.error("\(path) can't be read: no epoch of a leader is remembered: \(error)")
      state = Mutex(State())
    }
  }

  /// 0: of none.
  package var highest: UInt64 { state.withLock { $0.highest } }

  /// A leader says what its epoch is. It is on the disk when this returns, unless the disk doesn't take it.
  ///
  /// - Returns: whether no later one was heard of.
  package func hear(_ epoch: UInt64) -> Bool {
    state.withLock { state in
      guard raise(&state, to: epoch) else { return false }
      state.ofLeader = max(state.ofLeader, epoch)
      return true
    }
  }

  /// So many leaders may have followed the one that was heard last: a host that lies can't put this one beyond the reach
  /// of its controller, which rises above what it is told within `LeaderEpoch`'s bound.
  private static let mostMissed: UInt64 = 1024

  /// Another host says of which it has heard.
  package func hear(ofPeer epoch: UInt64) {
    state.withLock { state in
      let (most, isOver) = state.ofLeader.addingReportingOverflow(Self.mostMissed)
      guard !isOver, epoch <= most else { return }
      _ = raise(&state, to: epoch)
    }
  }

  private func raise(_ state: inout State, to epoch: UInt64) -> Bool {
    guard epoch >= state.highest else { return false }
    if epoch > state.highest { (state.highest, state.isWritten) = (epoch, false) }
    if !state.isWritten { write(&state) }
    return true
  }

  private func write(_ state: inout State) {
    guard let path else { return }
    do {
      try DurableFile.write(Array("\(state.highest)\n".utf8), to: path)
      (state.isWritten, state.isTold) = (true, false)
    } catch {
      if !state.isTold { logger?.error("the leader's epoch can't be written down, and is forgotten at a restart: \(error)") }
      state.isTold = true
    }
  }
}
