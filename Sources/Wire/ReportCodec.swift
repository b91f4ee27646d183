internal import SwiftProtobuf
public import Traffic

/// A sensor's report as bytes: the message `SensorReport` of `controller.proto`, as docs/wire.md describes it.
public enum ReportCodec {
  /// - Throws: where the bytes are no such message, or it contradicts itself.
  public static func decode(_ bytes: [UInt8]) throws -> SensorReport {
    try SensorReport(Transhumance_V1_SensorReport(serializedBytes: bytes))
  }

  /// The report in a host's message `FromHost`, nil where there is none; as the controller reads it.
  ///
  /// - Throws: as above.
  public static func decode(hostMessage bytes: [UInt8]) throws -> SensorReport? {
    guard case .report(let message)? = try FromHost(bounded: bytes).content else { return nil }
    return try SensorReport(message)
  }

  /// - Throws: where it has more than a message can.
  public static func encode(_ report: SensorReport) throws -> [UInt8] {
    try report.message.serializedBytes()
  }
}
