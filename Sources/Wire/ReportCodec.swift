internal import SwiftProtobuf
public import Traffic

/// A sensor's report as bytes: the message `SensorReport` of `controller.proto`, as docs/wire.md describes it.
public enum ReportCodec {
  /// - Throws: where the bytes are no such message, or it contradicts itself.
  public static func decode(_ bytes: [UInt8]) throws -> SensorReport {
    try SensorReport(Transhumance_V1_SensorReport(serializedBytes: bytes))
  }

  /// - Throws: where it has more than a message can.
  public static func encode(_ report: SensorReport) throws -> [UInt8] {
    try report.message.serializedBytes()
  }
}
