import Model
import Testing
import Trust

@Suite struct NameTests {
  @Test(arguments: ["a1", "paravent-1.rennes.example", "A_b", "7", String(repeating: "x", count: 64)])
  func aNameSurvivesItsURI(name: String) throws {
    let identity = try Identity(.host, name)
    #expect(identity.uri == "transhumance://host/\(name)")
    #expect(Identity(uri: identity.uri) == identity)
    #expect(Identity(path: "host/\(name)") == identity)
  }

  @Test(arguments: [
    "", ".", "..", "-a", "a/b", "a b", "a\n", "é", "a%2f", "a:1", String(repeating: "x", count: 65), "a\0",
  ])
  func whatIsNoNameIsRefused(name: String) {
    let error = #expect(throws: TrustError.self) { _ = try Identity(.host, name) }
    #expect(error?.code == .malformed)
  }

  @Test(arguments: [
    "", "transhumance://", "transhumance://host", "transhumance://host/", "transhumance://host/a/b",
    "transhumance://host//a", "transhumance://guest/a", "Transhumance://host/a", "transhumance://HOST/a",
    "transhumance://host/a?x", "https://host/a", " transhumance://host/a", "transhumance://host/a ",
  ])
  func otherURIsAreNobodys(uri: String) {
    #expect(Identity(uri: uri) == nil)
  }

  @Test func serialNumbersAreReadAsOpenSSLWritesThem() throws {
    let number = try #require(SerialNumber("0A:bc:01"))
    #expect(number.bytes == [0x0a, 0xbc, 0x01])
    #expect(number.description == "0abc01")
    #expect(SerialNumber("ABC01") == number)
    #expect(SerialNumber("00000abc01") == number)
    for text in ["", "0x12", "xyz", "12 34", String(repeating: "a", count: 41)] { #expect(SerialNumber(text) == nil) }
  }

  @Test func serialNumbersAreRandomTo128Bits() {
    var generator = SystemRandomNumberGenerator()
    let numbers = (0..<1000).map { _ in SerialNumber.random(using: &generator) }
    #expect(Set(numbers).count == 1000)
    // None shorter than 13 octets: of a thousand that is less likely than 10⁻⁴.
    #expect(numbers.allSatisfy { (13...16).contains($0.bytes.count) })
    // Each bit is set in about half of them: 10 standard deviations around 500 are 342 to 658.
    for bit in 0..<128 {
      let count = numbers.count { number in
        let bytes = [UInt8](repeating: 0, count: 16 - number.bytes.count) + number.bytes
        return bytes[bit / 8] >> (bit % 8) & 1 == 1
      }
      #expect((342...658).contains(count))
    }
  }

  @Test func alternativeNames() throws {
    #expect(SubjectName("10.0.0.1") == .address(IPAddress(v4: 0x0a00_0001)))
    #expect(SubjectName("fe80::1") == IPAddress("fe80::1").map { .address($0) })
    #expect(SubjectName("a1.example") == .dns("a1.example"))
    for text in ["", "a b", "*.example", "-a", "a-", "a..b", "10.0.0.999", "a/24", String(repeating: "x", count: 64)] {
      #expect(SubjectName(text) == nil)
    }
  }
}

/// By whom connections are counted.
@Suite struct AddressHolderTests {
  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("2001:db8:1:2::", "2001:db8:1:2::"),
    ("2001:db8:1:3::1", "2001:db8:1:3::"), ("::ffff:192.0.2.7", "192.0.2.7"), ("fe80::1%eth0", "fe80::"), ("", ""),
    ("no address", "no address"),
  ])
  func isTheWholeNetwork(address: String, holder: String) {
    #expect(IPAddress.holder(of: address) == holder)
  }
}
