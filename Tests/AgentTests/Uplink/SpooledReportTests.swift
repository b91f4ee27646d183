import Agent
import Testing

struct SpooledReportTests {
  /// The check value of CRC-32/ISO-HDLC in Greg Cook's catalogue of parametrised CRC algorithms.
  @Test func checksum() {
    #expect(Checksum.crc32("123456789".utf8) == 0xcbf4_3926)
  }

  @Test func bytes() {
    let report = SpooledReport(incarnation: 0x0102_0304_0506_0708, sequence: 9, message: [10, 11, 12])
    let expected: [UInt8] =
      Array("THR1".utf8)  // what it is
      + [1, 2, 3, 4, 5, 6, 7, 8]  // incarnation
      + [0, 0, 0, 0, 0, 0, 0, 9]  // sequence
      + [0, 0, 0, 3]  // length
      + [0x6c, 0x53, 0x31, 0xa5]  // by Python's zlib.crc32
      + [10, 11, 12]
    #expect(report.bytes == expected)
    #expect(SpooledReport(expected) == report)
  }

  @Test func anyChangeShows() {
    let bytes = SpooledReport(incarnation: 1, sequence: 2, message: [3, 4]).bytes
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 0x10
      #expect(SpooledReport(changed) == nil, "octet \(index)")
      #expect(SpooledReport(Array(bytes[..<index])) == nil, "cut to \(index)")
    }
    #expect(SpooledReport(bytes + [0]) == nil)
  }
}
