/// What became of a stream of numbered packets, as its receiver sees it.
public struct ProbeLog: Sendable {
  /// Numbers beyond this many are counted as `beyond` alone: a stream of that length, or a broken one.
  public static let longest: UInt64 = 1 << 24

  public private(set) var received: UInt64 = 0
  public private(set) var duplicates: UInt64 = 0
  /// That came after one with a higher number.
  public private(set) var reordered: UInt64 = 0
  public private(set) var beyond: UInt64 = 0
  /// Between two arrivals of different packets, in nanoseconds of the receiver's clock.
  public private(set) var longestGap: UInt64 = 0
  private var highest: UInt64?
  private var lastArrival: UInt64?
  private var seen: [UInt64] = []

  public init() {}

  /// Of the numbers up to the highest that came.
  public var lost: UInt64 {
    guard let highest else { return 0 }
    return highest + 1 - (received - duplicates)
  }

  /// - Parameters:
  ///   - sequence: the packet's number, from 0
  ///   - nanoseconds: on a clock that never steps back
  public mutating func note(_ sequence: UInt64, at nanoseconds: UInt64) {
    guard sequence < Self.longest else {
      beyond += 1
      return
    }
    received += 1
    let index = Int(sequence / 64)
    if index >= seen.count {
      seen.append(contentsOf: repeatElement(0, count: index + 1 - seen.count))
    }
    let bit = UInt64(1) << (sequence % 64)
    guard seen[index] & bit == 0 else {
      duplicates += 1
      return
    }
    seen[index] |= bit
    if let lastArrival {
      longestGap = max(longestGap, nanoseconds >= lastArrival ? nanoseconds - lastArrival : 0)
    }
    lastArrival = nanoseconds
    if let highest, sequence < highest {
      reordered += 1
    } else {
      highest = sequence
    }
  }
}

extension ProbeLog {
  /// Members of a JSON object, without its braces.
  ///
  /// - Parameter total: how many were sent, where that is known: then those after the last that came are lost too
  public func members(of total: UInt64? = nil) -> String {
    let lost = total.map { $0 - min($0, received - duplicates) } ?? lost
    return """
      "received": \(received), "lost": \(lost), "duplicates": \(duplicates), "reordered": \(reordered), \
      "longestGapMs": \(longestGap / 1_000_000).\(thousandths(of: longestGap))
      """
  }

  private func thousandths(of nanoseconds: UInt64) -> String {
    let digits = String(nanoseconds % 1_000_000 / 1000)
    return String(repeating: "0", count: 3 - digits.count) + digits
  }
}
