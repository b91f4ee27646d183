import Model
import Testing
import Traffic

/// Buffers of segmentation offload count as the segments that go on the wire, each with its own headers.
@Suite struct SegmentationTests {
  private func volume(
    _ headers: [UInt8], payload: Int, segment: UInt16, _ kind: TapFrame.Segmentation = .tcp, hasTag: Bool = false
  ) -> [UInt64]? {
    var host = TapTraffic(vms: 1)
    let facts = TapFrame(
      time: 0, bytes: headers.count + payload, isReceived: false, hasTag: hasTag, segmentBytes: segment,
      segmentation: kind)
    host.frame(headers, at: 1, isReceived: false, seconds: 101, as: facts)
    let period = host.closed(at: 110).first
    #expect(period?.accounting.counted == period?.sent.first?.counts.packets)
    return period?.sent.first?.counts.volume
  }

  /// Headers of 14, 20 and 32 bytes (TCP with time stamps).
  @Test func tcp() {
    let headers = TapTraffic.ethernet(1, 9) + TapTraffic.tcp(1, 9, payload: 7000, options: 12)
    // Four of 1448 and one of 1208.
    #expect(volume(headers, payload: 7000, segment: 1448) == [5, 7000 + 5 * 66, 7000 + 5 * 52])
    #expect(volume(headers, payload: 7000, segment: 1448, hasTag: true) == [5, 7000 + 5 * 70, 7000 + 5 * 52])
    #expect(volume(headers, payload: 2896, segment: 1448) == [2, 2896 + 2 * 66, 2896 + 2 * 52])
    #expect(volume(headers, payload: 1, segment: 1448) == [1, 67, 53])
  }

  /// As the kernel hands over what is longer than IPv4 can say: total length 0.
  @Test func bigTCP() {
    let headers = TapTraffic.ethernet(1, 9) + TapTraffic.tcp(1, 9, payload: 0, length: 0)
    #expect(volume(headers, payload: 100_000, segment: 1460) == [69, 100_000 + 69 * 54, 100_000 + 69 * 40])
  }

  /// With the jumbo option of RFC 2675, which no segment has.
  @Test func bigTCPOverIPv6() throws {
    let addresses = try ["2001:db8::1", "2001:db8::2"].flatMap { try #require(IPAddress($0)).octets }
    var headers = TapTraffic.mac(9).octets + TapTraffic.mac(1).octets + [0x86, 0xdd]
    headers += [0x60, 0, 0, 0, 0, 0, 0, 64] + addresses
    headers += [6, 0, 0xc2, 4, 0, 1, 0x86, 0xbc]  // hop-by-hop options, TCP next; 100,028 bytes
    headers += TapTraffic.tcpHeader(1, 9, sequence: 1)
    #expect(volume(headers, payload: 100_000, segment: 1440) == [70, 100_000 + 70 * 74, 100_000 + 70 * 60])
  }

  @Test func udp() {
    let headers = TapTraffic.ethernet(1, 9) + TapTraffic.udp(1, TapTraffic.address(9), payload: 3001)
    #expect(volume(headers, payload: 3001, segment: 1000, .udp) == [4, 3001 + 4 * 42, 3001 + 4 * 28])
    // Fragments: UDP's header is in the first alone, and is cut like payload.
    let datagram = TapTraffic.ethernet(1, 9) + TapTraffic.udp(1, TapTraffic.address(9), payload: 2953)
    #expect(volume(datagram, payload: 2953, segment: 1480, .fragments) == [3, 2961 + 3 * 34, 2961 + 3 * 20])
  }

  /// What isn't what the kernel says it is goes as it is.
  @Test func nonsense() {
    let headers = TapTraffic.ethernet(1, 9) + TapTraffic.udp(1, TapTraffic.address(9), payload: 3000)
    #expect(volume(headers, payload: 3000, segment: 1000, .tcp) == [1, 3042, 3028])
    let cut = Array((TapTraffic.ethernet(1, 9) + TapTraffic.tcp(1, 9, payload: 3000))[..<40])
    #expect(volume(cut, payload: 3000, segment: 1000) == [1, 3040, 3040])
    #expect(volume(headers, payload: 0, segment: 1, .udp) == [1, 42, 3028])
  }

  /// For waits a buffer is its last segment: 1208 bytes of 1448 with PSH end a transfer, though the buffer is the
  /// largest.
  @Test func waitsSeeTheLastSegment() throws {
    var host = TapTraffic(vms: 1)
    func send(
      _ payload: Int, _ sequence: UInt32, isReceived: Bool, _ seconds: Double, _ host: inout TapTraffic
    ) {
      let (source, destination): (UInt8, UInt8) = isReceived ? (9, 1) : (1, 9)
      let headers =
        TapTraffic.ethernet(source, destination)
        + TapTraffic.tcp(source, destination, payload: payload, sequence: sequence)
      let facts = TapFrame(
        time: 0, bytes: headers.count + payload, isReceived: isReceived, segmentBytes: payload > 1448 ? 1448 : 0)
      host.frame(headers, at: 1, isReceived: isReceived, seconds: seconds, as: facts)
    }
    // 20 whole segments, then 4 and a rest: one transfer, which ends with that.
    send(28960, 1000, isReceived: true, 101, &host)
    send(7000, 29960, isReceived: true, 101.00001, &host)
    send(100, 1000, isReceived: false, 101.001, &host)
    // Sent again: nothing new.
    send(7000, 29960, isReceived: true, 101.002, &host)
    send(100, 1100, isReceived: false, 101.003, &host)
    let row = try #require(host.closed(at: 110).first?.received.counts("10.0.0.9", "vm1"))
    let volume: [UInt64] = [30, 42_960 + 30 * 54, 42_960 + 30 * 40]
    #expect(row.volume == volume)
    #expect([row.turns, row.matched] == [1, 1])
  }
}
