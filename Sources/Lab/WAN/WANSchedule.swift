/// All paths between the sites, each direction by itself.
package struct WANSchedule: Sendable {
  /// Sites are known by their indices below it.
  package let siteCount: Int
  private var paths: [WANPath]

  /// - Parameter line: of the direction from the first to the second site, by their indices
  package init(siteCount: Int, line: (Int, Int) -> WANLine) {
    self.siteCount = siteCount
    paths = (0..<(siteCount * siteCount)).map { WANPath(line($0 / siteCount, $0 % siteCount)) }
  }

  package subscript(from source: Int, to destination: Int) -> WANPath { paths[source * siteCount + destination] }

  package mutating func admit(_ packet: WANPacket, from source: Int, to destination: Int, at now: UInt64) -> Bool {
    paths[source * siteCount + destination].admit(packet, at: now)
  }

  /// When the next packet of any path is due.
  package var nextDue: UInt64? {
    var earliest = UInt64.max
    for index in paths.indices {
      if let due = paths[index].nextDue, due < earliest { earliest = due }
    }
    return earliest == .max ? nil : earliest
  }

  /// The earliest packet of all paths, if it is due, and where it goes.
  package mutating func next(at now: UInt64) -> (packet: WANPacket, destination: Int)? {
    var earliest = UInt64.max
    var chosen = 0
    for index in paths.indices {
      if let due = paths[index].nextDue, due < earliest { (earliest, chosen) = (due, index) }
    }
    guard earliest <= now, let packet = paths[chosen].next(at: now) else { return nil }
    return (packet, chosen % siteCount)
  }

  package mutating func change(
    from source: Int, to destination: Int, at now: UInt64, lost: (WANPacket) -> Void, _ change: (inout WANLine) -> Void
  ) {
    let index = source * siteCount + destination
    var line = paths[index].line
    change(&line)
    paths[index].change(to: line, at: now, lost: lost)
  }
}
