package import Model

extension Timestamp {
  /// By the machine's clock.
  package static var now: Timestamp { Timestamp(nanoseconds: KernelClock.now) }
}
