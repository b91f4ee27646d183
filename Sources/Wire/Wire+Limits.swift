/// What both ends of a connection hold each other to.
package enum WireLimits {
  /// Bytes of a message; a report of some 300,000 pairs.
  package static let largestMessage = 32 << 20
}
