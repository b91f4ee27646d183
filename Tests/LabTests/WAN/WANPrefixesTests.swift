import Lab
import Model
import Testing

@Suite struct WANPrefixesTests {
  private func prefix(_ text: String, _ length: Int) throws -> IPSubnet {
    let address = try #require(IPAddress(text))
    return try #require(IPSubnet(address: address, length: length))
  }

  private func site(_ prefixes: WANPrefixes, _ bytes: [UInt8]) -> Int? {
    prefixes.site(ofPacket: bytes.span.bytes)
  }

  /// Version 4, destination at bytes 16 to 19 (RFC 791 §3.1).
  private func v4(_ destination: [UInt8]) -> [UInt8] {
    [0x45, 0, 0, 20] + [UInt8](repeating: 0, count: 12) + destination
  }

  @Test func prefersTheLongestPrefix() throws {
    let prefixes = WANPrefixes([
      [try prefix("10.99.1.0", 24)], [try prefix("10.99.0.0", 16), try prefix("2001:db8::", 32)],
      [try prefix("10.99.1.9", 32)],
    ])
    #expect(site(prefixes, v4([10, 99, 1, 1])) == 0)
    #expect(site(prefixes, v4([10, 99, 1, 9])) == 2)
    #expect(site(prefixes, v4([10, 99, 7, 1])) == 1)
    #expect(site(prefixes, v4([10, 98, 1, 1])) == nil)
    // Version 6, destination at bytes 24 to 39 (RFC 8200 §3).
    let v6: [UInt8] =
      [0x60] + [UInt8](repeating: 0, count: 23) + [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 12)
    #expect(site(prefixes, v6) == 1)
    #expect(site(prefixes, Array(v6.dropLast())) == nil)
  }

  @Test func knowsNoSiteOfWhatIsNoHeader() throws {
    let prefixes = WANPrefixes([[try prefix("0.0.0.0", 0)]])
    #expect(site(prefixes, v4([1, 2, 3, 4])) == 0)
    #expect(site(prefixes, []) == nil)
    #expect(site(prefixes, Array(v4([1, 2, 3, 4]).dropLast())) == nil)
    #expect(site(prefixes, [0x55] + v4([1, 2, 3, 4]).dropFirst()) == nil)
  }
}
