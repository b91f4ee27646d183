import Agent
import Model
import Testing

@Suite struct DialAddressTests {
  @Test(arguments: [
    ("192.0.2.10", "192.0.2.10:8083"), ("192.0.2.10:1", "192.0.2.10:1"), ("2001:db8::1", "[2001:db8::1]:8083"),
    ("[2001:db8::1]:443", "[2001:db8::1]:443"), ("[::1]", "[::1]:8083"), ("c1", "c1:8083"),
    ("c1.example:8080", "c1.example:8080"), ("localhost:65535", "localhost:65535"),
  ])
  func isRead(text: String, place: String) {
    #expect(DialAddress(text, defaultPort: 8083)?.description == place)
  }

  @Test(arguments: [
    "", ":", ":80", "c1:", "c1:0", "c1:65536", "c1:x", "192.0.2.300", "192.0.2", "192.0.2:80", "-c1", "c1..example",
    "c 1", "c1.example.", "[192.0.2.1]:80", "[::1", "[c1]:80", "c1:80:90", "ö.example", "/run/x.sock",
  ])
  func isNone(text: String) {
    #expect(DialAddress(text, defaultPort: 8083) == nil)
  }
}
