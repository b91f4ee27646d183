package import Model

/// How a sensor counts.
package struct SensorConfiguration: Sendable {
  /// In its reports: this host.
  package var host: String
  /// In its reports: another one for each start.
  package var incarnation: UInt64
  /// Length of a period, nanoseconds, > 0.
  package var periodNanoseconds: Int64
  /// Endpoints that are no VM and always count for themselves, under a name.
  package var fixedEndpoints: [IPAddress: String]
  /// Of the ring between kernel and sensor.
  package var ringMebibytes: UInt32
  /// By how much the host's clock is taken to be ahead of the kernel's, nanoseconds: for tests of clocks that are wrong.
  package var clockOffset: @Sendable () -> Int64

  package init(
    host: String, incarnation: UInt64 = .random(in: 1 ... .max), periodNanoseconds: Int64 = 30_000_000_000,
    fixedEndpoints: [IPAddress: String] = [:], ringMebibytes: UInt32 = 64,
    clockOffset: @escaping @Sendable () -> Int64 = { 0 }
  ) {
    self.host = host
    self.incarnation = incarnation
    self.periodNanoseconds = periodNanoseconds
    self.fixedEndpoints = fixedEndpoints
    self.ringMebibytes = ringMebibytes
    self.clockOffset = clockOffset
  }
}
