/// What became of every frame that a sensor saw. Adds up over taps, periods and sensors.
public struct Accounting: Hashable, Sendable {
  /// Packets as on the wire: those of a buffer that is segmented later count each.
  public var counted: UInt64 = 0
  /// Frames without IP.
  public var notIP: UInt64 = 0
  /// IP by its link layer, but with a header that can't be read.
  public var malformed: UInt64 = 0
  /// Unicast for or from another MAC address than the VM's: flooded, or spoofed.
  public var foreign: UInt64 = 0
  /// Lost by the sensor itself, which couldn't keep up.
  public var dropped: UInt64 = 0

  public init() {}

  /// All of them.
  public var seen: UInt64 { counted &+ notIP &+ malformed &+ foreign &+ dropped }

  public static func += (left: inout Accounting, right: Accounting) {
    left.counted &+= right.counted
    left.notIP &+= right.notIP
    left.malformed &+= right.malformed
    left.foreign &+= right.foreign
    left.dropped &+= right.dropped
  }
}
