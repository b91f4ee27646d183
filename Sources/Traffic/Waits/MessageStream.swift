/// Tells where messages begin and end in what one machine sends to another.
struct MessageStream: Sendable {
  /// What follows within this time (nanoseconds) of a complete message, with nothing sent the other way between,
  /// continues it.
  static let pause: Int64 = 300_000

  private var completedAt = Int64.min
  private var largest: UInt32 = 0
  /// Bytes of a message have been seen, but not its end.
  private var isOpen = false
  /// Something went the other way since the last message was complete. True at first: what begins then is a new
  /// message.
  private var isInterrupted = true
  /// The present message was complete before: it doesn't complete again.
  private var wasComplete = false

  struct Events {
    var starts: Bool
    var completes: Bool
  }

  /// Takes a packet with something new in it. It completes a message if it says so or is shorter than the largest so
  /// far.
  @inline(__always)
  mutating func take(bytes: UInt32, completes: Bool, at time: Int64) -> Events {
    let continues = isOpen || (!isInterrupted && time &- completedAt <= Self.pause)
    if !continues { wasComplete = false }
    let isComplete = completes || bytes < largest
    largest = max(largest, bytes)
    isOpen = !isComplete
    guard isComplete else { return Events(starts: !continues, completes: false) }
    completedAt = time
    isInterrupted = false
    defer { wasComplete = true }
    return Events(starts: !continues, completes: !wasComplete)
  }

  /// Something went the other way.
  @inline(__always)
  mutating func interrupt() {
    isInterrupted = true
  }
}
