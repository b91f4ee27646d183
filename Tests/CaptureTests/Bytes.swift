import Capture
import Traffic

/// Captures written field by field.
struct Bytes {
  var bytes: [UInt8] = []

  /// Bytes in hexadecimal, with spaces where they help.
  mutating func hexadecimal(_ text: String) {
    let digits = text.compactMap(\.hexDigitValue)
    precondition(digits.count.isMultiple(of: 2))
    for index in stride(from: 0, to: digits.count, by: 2) {
      bytes.append(UInt8(digits[index] * 16 + digits[index + 1]))
    }
  }

  mutating func number(_ value: some FixedWidthInteger, isBig: Bool = false) {
    withUnsafeBytes(of: isBig ? value.bigEndian : value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// A file header of pcap, version 2.4: little-endian, microseconds, Ethernet unless said.
  static func pcap(magic: UInt32 = 0xa1b2_c3d4, isBig: Bool = false, link: UInt32 = 1, snap: UInt32 = 65_535) -> Bytes {
    var file = Bytes()
    file.number(magic, isBig: isBig)
    file.number(UInt16(2), isBig: isBig)
    file.number(UInt16(4), isBig: isBig)
    file.number(UInt64(0), isBig: isBig)
    file.number(snap, isBig: isBig)
    file.number(link, isBig: isBig)
    return file
  }

  mutating func record(
    _ seconds: UInt32, _ fraction: UInt32, _ frame: [UInt8], original: UInt32? = nil, isBig: Bool = false
  ) {
    for field in [seconds, fraction, UInt32(frame.count), original ?? UInt32(frame.count)] {
      number(field, isBig: isBig)
    }
    bytes += frame
  }

  /// An IPv4 packet without payload between 10.0.0.`source` and 10.0.0.`destination`, as UDP.
  static func packet(_ source: UInt8, _ destination: UInt8) -> [UInt8] {
    [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, source, 10, 0, 0, destination]
  }

  func analyze(window: Int = 1 << 20, _ options: TraceAnalysis.Options = .init()) throws -> TraceAnalysis {
    let source = try ByteSource(bytes: bytes, name: "capture", window: window)
    return try TraceAnalysis(reading: [CaptureFile(source)], options: options)
  }

  /// The error that reading ends in.
  func failure(window: Int = 1 << 20) -> CaptureError? {
    do {
      _ = try analyze(window: window)
      return nil
    } catch { return error as? CaptureError }
  }
}
