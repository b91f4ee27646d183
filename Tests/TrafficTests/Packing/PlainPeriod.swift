import Model
import Traffic

/// The simple way to merge reports and to add periods up: dictionaries of structs. What the packed way is held against.
struct PlainPeriod {
  struct Pair: Hashable {
    var source: Endpoint
    var destination: Endpoint

    var opposite: Pair { Pair(source: destination, destination: source) }
  }

  struct Row: Equatable {
    var counts: PairCounts
    var bySender: Bool
    var sentPackets: UInt64?
    var waits = 0.0
  }

  private struct Ends {
    var received: PairCounts?
    var sent: PairCounts?
  }

  private(set) var rows: [Pair: Row] = [:]

  init(_ reports: [SensorReport]) {
    var taken = Set<ReportKey>()
    var ends: [Pair: Ends] = [:]
    var unknown: [String: Bool] = [:]
    for report in reports where taken.insert(ReportKey(report)).inserted {
      for vm in report.vms { unknown[vm.name] = unknown[vm.name] ?? false || vm.unknown != nil }
      for row in report.received where row.source != row.destination {
        let pair = Pair(source: row.source, destination: row.destination)
        ends[pair, default: Ends()].received = Self.sum(ends[pair]?.received, row.counts)
      }
      for row in report.sent where row.source != row.destination {
        let pair = Pair(source: row.source, destination: row.destination)
        ends[pair, default: Ends()].sent = Self.sum(ends[pair]?.sent, row.counts)
      }
    }
    func isSeen(_ endpoint: Endpoint) -> Bool {
      guard case .name(let name) = endpoint else { return false }
      return unknown[name] == false
    }
    for (pair, ends) in ends {
      let isReceived = ends.received != nil || isSeen(pair.destination)
      rows[pair] = Row(
        counts: ends.received ?? (isReceived ? PairCounts() : ends.sent ?? PairCounts()), bySender: !isReceived,
        sentPackets: ends.sent?.packets ?? (isSeen(pair.source) ? 0 : nil))
    }
    for (pair, row) in rows {
      let opposite = rows[pair.opposite]?.counts
      rows[pair]?.waits =
        row.bySender ? opposite?.waits(opposite: nil) ?? 0 : row.counts.waits(opposite: opposite)
    }
  }

  private static func sum(_ left: PairCounts?, _ right: PairCounts) -> PairCounts {
    guard var left else { return right }
    left += right
    return left
  }

  /// Each count times its period's weight.
  struct Sums {
    struct Row {
      var packets = 0.0
      var frameBytes = 0.0
      var ipBytes = 0.0
      var sentPackets: Double? = 0
      var bySender = false
      var received = false
      var turns = 0.0
      var matched = 0.0
      var runs = 0.0
      var shares = 0.0
    }
    private(set) var rows: [Pair: Row] = [:]

    mutating func add(_ period: PlainPeriod, weight: Double, touching endpoints: Set<Endpoint>? = nil) {
      for (pair, row) in period.rows {
        if let endpoints, !endpoints.contains(pair.source), !endpoints.contains(pair.destination) { continue }
        var sum = rows[pair] ?? Row()
        sum.packets += weight * Double(row.counts.packets)
        sum.frameBytes += weight * Double(row.counts.frameBytes)
        sum.ipBytes += weight * Double(row.counts.ipBytes)
        if let known = sum.sentPackets, let sent = row.sentPackets {
          sum.sentPackets = known + weight * Double(sent)
        } else {
          sum.sentPackets = nil
        }
        if row.bySender { sum.bySender = true } else { sum.received = true }
        sum.turns += weight * Double(row.counts.turns)
        sum.matched += weight * Double(row.counts.matched)
        sum.runs += weight * Double(row.counts.runs)
        sum.shares += weight * Double(row.counts.shares)
        rows[pair] = sum
      }
    }

    func waits(_ pair: Pair) -> Double {
      func waits(_ own: Row, _ other: Row) -> Double {
        if own.matched == 0 { return 0 }
        let isSwap = own.matched + other.matched - own.turns - other.turns > own.runs + other.runs
        return isSwap ? own.shares / 2000 : own.turns * own.shares / (1000 * own.matched)
      }
      let (own, opposite) = (rows[pair] ?? Row(), rows[pair.opposite] ?? Row())
      return own.received ? waits(own, opposite) : waits(opposite, Row())
    }
  }
}
