import Model
import Testing

@Suite struct IPAddressTests {
  /// Right-hand sides by Python's `ipaddress` and RFC 5952's own examples.
  @Test(arguments: [
    ("10.77.0.1", "10.77.0.1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0DB8::0001", "2001:db8::1"),
    ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("fe80:0:0:0:0:0:0:0", "fe80::"),
  ])
  func canonicalText(text: String, canonical: String) {
    #expect(IPAddress(text)?.description == canonical)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.256", "01.2.3.4", "1:2", ":::", "1::2::3", "g::", "1:2:3:4:5:6:7:8:9", "vm1", "1.2.3.4 ",
  ])
  func refused(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func ordered() throws {
    let order = ["9.255.255.255", "10.0.0.2", "10.0.0.10", "::1", "fe80::"].compactMap { IPAddress($0) }
    #expect(order.shuffled().sorted() == order)
  }
}
