internal import Linux
internal import Moves

/// A move that comes in, with what is held for it here. Confined to the agent's actor.
final class HeldReservation {
  var move: IncomingMove
  let vcpus: Int
  let memory: UInt64
  var lease: Task<Void, Never>?
  /// Notes when frames come out of the VM here.
  var frames: FrameClock?

  init(_ move: IncomingMove, vcpus: Int, memory: UInt64) {
    self.move = move
    self.vcpus = vcpus
    self.memory = memory
  }
}
