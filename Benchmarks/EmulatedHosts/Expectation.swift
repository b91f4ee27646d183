import Model

/// What a controller ought to know of a period, worked out from the workload and not from any report.
struct Expectation: Encodable {
  var start: String
  /// Of which nothing has come.
  var missingHosts: [String]
  var packets: UInt64 = 0
  var frameBytes: UInt64 = 0
  var ipBytes: UInt64 = 0
  /// One a direction.
  var pairs: UInt64 = 0

  /// Whatever one of its ends has reported is known.
  init(_ workload: Workload, _ period: Period, missing: Set<String> = []) {
    start = period.start.description
    missingHosts = missing.sorted()
    let isMissing = (0..<workload.hosts).map { missing.contains(Workload.hostName($0)) }
    for pair in 0..<workload.pairs {
      let ends = [workload.source(of: pair), workload.destination(of: pair)]
      guard ends.contains(where: { !isMissing[workload.host(of: $0)] }) else { continue }
      let counts = workload.counts(of: pair, in: period)
      packets += counts.packets
      frameBytes += counts.frameBytes
      ipBytes += counts.ipBytes
      pairs += 1
    }
  }
}
