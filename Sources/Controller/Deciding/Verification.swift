package import Model
package import Traffic

/// What a plan has brought, from the periods before and after.
package enum Verification {
  /// Packets per second between VMs, over all of the periods.
  package static func messageRate(of vms: Set<String>, in periods: [GlobalPeriod]) -> Double {
    let seconds = periods.reduce(0) { $0 + $1.period.seconds }
    guard seconds > 0 else { return 0 }
    let members = Set(vms.map(Endpoint.name))
    let packets = periods.lazy.flatMap { $0.rows.among(members) }.reduce(0) { $0 + Double($1.counts.packets) }
    return packets / seconds
  }

  /// Packets that peers sent to a VM less those that were delivered to its tap, over the periods in which it moved.
  ///
  /// What is on its way at the first and at the last cut is counted on one side only: a few packets either way. Nil:
  /// a host's counts are missing.
  package static func lostPackets(
    to vm: String, from start: Timestamp, until end: Timestamp, in held: [GlobalPeriod]
  ) -> Int64? {
    let periods = held.filter {
      $0.period.end > start && $0.period.start <= end
    }
    guard let first = periods.first, let last = periods.last, first.period.start <= start,
      last.period.end > end, periods.allSatisfy(\.isComplete)
    else { return nil }
    return periods.lazy.flatMap { $0.rows.touching([.name(vm)]) }.filter { $0.destination == .name(vm) }
      .compactMap(\.lostPackets).reduce(0, &+)
  }
}
