import ArgumentParser
import Model

/// Whose traffic, and of when.
struct WorkloadOptions: ParsableArguments {
  @Option(help: "Hosts.") var hosts = 100
  @Option(help: "VMs, spread over the hosts.") var vms = 10_000
  @Option(help: "VMs of an application, which talk among one another.") var applicationVMs = 100
  @Option(help: "Pairs that talk in each period, one a direction.") var pairs = 200_000
  @Option(help: "All else follows from it.") var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Length of a period.", valueName: "seconds")) var period = 2
  @Option(help: "Periods.") var count = 120
  @Option(
    help: ArgumentHelp(
      "When the first begins, as 2026-11-24T15:46:00Z; the next that begins unless given.", valueName: "time"),
    transform: Self.time)
  var start: Timestamp?

  static func time(_ text: String) throws -> Timestamp {
    guard let time = Timestamp(text) else {
      throw ValidationError("\"\(text)\" is no time, as 2026-11-24T15:46:00Z is.")
    }
    return time
  }

  func validate() throws {
    guard (1...10_000).contains(hosts), (2...1_000_000).contains(vms), (2...vms).contains(applicationVMs),
      vms % applicationVMs == 0
    else {
      throw ValidationError("--vms is a multiple of --application-vms, which is at least 2; --hosts is at least 1.")
    }
    guard (1...vms * (applicationVMs - 1)).contains(pairs) else {
      throw ValidationError("--pairs is 1 to \(vms * (applicationVMs - 1)): each VM to each other of its application.")
    }
    guard (1...3600).contains(period), (1...100_000).contains(count) else {
      throw ValidationError("--period is 1 to 3600 seconds, --count 1 to 100,000.")
    }
    if let start, start.nanoseconds % length != 0 {
      throw ValidationError("--start is no multiple of \(period) s since 1970.")
    }
  }

  /// Nanoseconds.
  var length: Int64 { Int64(period) * 1_000_000_000 }

  var workload: Workload {
    Workload(hosts: hosts, vms: vms, applicationVMs: applicationVMs, pairs: pairs, seed: seed)
  }

  func periods(now: Timestamp) -> [Period] {
    let first = start ?? Period(containing: now, length: length).end
    return (0..<Int64(count)).map { Period(start: first.advanced(byNanoseconds: $0 * length), length: length) }
  }
}
