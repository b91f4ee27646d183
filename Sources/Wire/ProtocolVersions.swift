/// Versions of the messages between hosts and the controller that one end speaks. Of two ends the lower of their highest
/// versions counts.
package struct ProtocolVersions: Hashable, Sendable {
  /// What this program speaks.
  ///
  /// 1: the first, in whose messages it isn't said. 2: leaders have epochs; the controller sends its welcome again every
  /// second and the host its greeting with each state, by which either knows that the other lives and how its clock goes.
  package static let own = ProtocolVersions(1...2)
  /// From this one on greetings come again, and epochs count.
  package static let ofRepeatedGreetings: UInt32 = 2

  package let range: ClosedRange<UInt32>

  package init(_ range: ClosedRange<UInt32>) { self.range = range }

  /// What both speak; nil: the other end is too old.
  ///
  /// - Parameter stated: the highest that the other end speaks, as its message has it.
  package func common(with stated: UInt32) -> UInt32? {
    let common = min(range.upperBound, Self.number(stated))
    return common >= range.lowerBound ? common : nil
  }

  /// A message that says none is of the first.
  package static func number(_ stated: UInt32) -> UInt32 { max(1, stated) }
}

extension ProtocolVersions: CustomStringConvertible {
  /// `2 to 3`, or `2`
  package var description: String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
  }
}

/// Epochs of leaders, as hosts and controllers tell them to each other.
package enum LeaderEpoch {
  /// By how much an epoch may be ahead of what is known: leaders would have to change every second for half a year.
  package static let farthestAhead: UInt64 = 1 << 24

  /// Whether a leader can have that epoch, by what is known. One that can't is made up: taken for true it would keep
  /// all others from leading.
  package static func isPlausible(_ epoch: UInt64, after known: UInt64) -> Bool {
    epoch <= known || epoch - known <= farthestAhead
  }
}
