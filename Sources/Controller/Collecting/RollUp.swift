internal import Model

/// That periods which are old enough are added up into longer ones.
package struct RollUp: Hashable, Sendable {
  /// Of the longer ones, nanoseconds.
  package var length: Int64
  /// When they have ended so long ago, nanoseconds.
  package var age: Int64

  package init(length: Int64, age: Int64) {
    self.length = length
    self.age = age
  }

  /// Longer ones would hide what happens in a day.
  package static let longest: Int64 = 3_600_000_000_000
  private static let shortest: Int64 = 60_000_000_000
  /// What comes later than this is refused: a host that was away for a while is to be heard all the same.
  private static let leastAge: Int64 = 3_600_000_000_000
  /// Where none is given: of so many of the longer ones, 5 min after a day, an hour after twelve.
  private static let usualAge: Int64 = 288

  /// Why a list of them can't be meant.
  package struct Problem: Error, Hashable, CustomStringConvertible {
    package var description: String
  }

  /// - Parameter text: lengths, each with its age if wanted, as in `5m,1h` or `5m@12h,1h@30d`.
  package static func list(reading text: String) throws(Problem) -> [RollUp] {
    var list: [RollUp] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = word.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      guard let length = DurationText.nanoseconds(parts[0]), (shortest...longest).contains(length),
        longest % length == 0
      else { throw Problem(description: "\(word): give a length from 1m to 1h that an hour is a multiple of, as 5m") }
      guard let age = parts.count == 1 ? length * usualAge : DurationText.nanoseconds(parts[1]), age >= leastAge else {
        throw Problem(description: "\(word): give the age after the @, 1h or more, as in 5m@1d")
      }
      if let before = list.last, length <= before.length || length % before.length != 0 || age < before.age {
        throw Problem(description: "\(word): each is longer than the one before it, a multiple of it, and later")
      }
      list.append(RollUp(length: length, age: age))
    }
    return list
  }
}
