internal import Model

/// What both ends of a connection hold each other to.
package enum WireLimits {
  /// Bytes of a message; a report of some 300,000 pairs.
  package static let largestMessage = 32 << 20
  /// Lengths that periods may have, nanoseconds.
  package static let periods: ClosedRange<Int64> = 1_000_000_000...3_600_000_000_000
  /// Pairs of a report, of each direction: a host with a thousand VMs of 250 partners each.
  package static let mostRows = 250_000
  /// Endpoints of a report.
  package static let mostEndpoints = 4 * mostRows
  /// Bytes of what a host says besides reports.
  package static let largestGreeting = 64 << 10
  package static let largestState = 8 << 20
  package static let largestAnswer = 1 << 20
  /// VMs of a host.
  package static let mostVMs = 10_000
  /// Octets of a name, or of the address of an endpoint.
  package static let longestName = 255
  /// Octets of a command's identifier, which may have the names of an application and a VM in it.
  package static let longestIdentifier = 4096
  /// Octets of what is said for people.
  package static let longestText = 4096
}

extension String {
  /// Of a person's name: what is told on one line, and no more than a name may have.
  package var asPerson: String { String(onOneLine.prefix(WireLimits.longestName)) }
}
