import Foundation
import Glibc
import Model
import Testing

/// Machines in namespaces of their own behind veths `tap1`, `tap2`, … of a bridge in the namespace of the calling
/// thread: machine N is 10.9.0.N, 52:54:00:00:09:0N. All of it is gone when this is released.
final class Guests {
  static let canBeSensed =
    PrivateNetwork.isPossible && ["tcpdump", "python3", "ethtool"].allSatisfy { tool in
      ["/usr/sbin/", "/usr/bin/", "/sbin/"].contains { access($0 + tool, X_OK) == 0 }
    }
  /// As ``PrivateNetwork/isTested``: where CI is set a tool that is missing fails the test that calls it.
  static let areSensed = canBeSensed || PrivateNetwork.isCI
  static let demand: Comment = "NOT TESTED: sensing takes root, /dev/net/tun, tcpdump, ethtool and python3"

  let folder: URL
  private let prefix = "th-\(getpid())-\(UInt32.random(in: 0 ... .max))-"
  private let count: Int

  init(_ count: Int) throws {
    self.count = count
    folder = FileManager.default.temporaryDirectory.appending(path: prefix + "sensing")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try PrivateNetwork.run("ip link add br0 type bridge mcast_snooping 0 && ip link set br0 up")
    for number in 1...count {
      let name = namespace(number)
      try PrivateNetwork.run(
        """
        ip netns add \(name) && \
        ip link add tap\(number) type veth peer name eth0 netns \(name) address \(Self.mac(number)) && \
        ip link set tap\(number) master br0 up && ip -n \(name) link set lo up && \
        ip -n \(name) addr add 10.9.0.\(number)/24 brd + dev eth0 && ip -n \(name) link set eth0 up
        """)
    }
  }

  deinit {
    for number in 1...count { _ = try? PrivateNetwork.run("ip netns del \(namespace(number))") }
    try? FileManager.default.removeItem(at: folder)
  }

  static func mac(_ number: Int) -> String { "52:54:00:00:09:0\(number)" }

  func namespace(_ number: Int) -> String { prefix + String(number) }

  func run(_ number: Int, _ line: String) throws {
    try PrivateNetwork.run("ip netns exec \(namespace(number)) \(line)")
  }

  /// Python lines that run in a machine; they end by themselves.
  func start(_ number: Int, _ program: String) throws {
    let path = folder.appending(path: "\(number).py").path
    try Data(program.utf8).write(to: URL(filePath: path))
    try PrivateNetwork.run(
      "ip netns exec \(namespace(number)) timeout 60 python3 \(path) >\(path).log 2>&1 </dev/null &")
  }

  /// Programs that a thread of a test starts have its signal mask.
  private static let interruptible =
    "python3 -c 'import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); "
    + "os.execvp(sys.argv[1], sys.argv[1:])'"

  /// Begins to capture, and returns once it has begun.
  func capture(_ interface: String, of number: Int? = nil) throws {
    let path = folder.appending(path: interface).path
    let place = number.map { "ip netns exec \(namespace($0)) " } ?? ""
    try PrivateNetwork.run(
      """
      \(place)\(Self.interruptible) timeout 60 tcpdump -ni \(interface) -s 128 -B 32768 --immediate-mode -U \
      --time-stamp-precision=nano -w \(path).pcap \
      >/dev/null 2>\(path).err </dev/null & echo $! >\(path).pid; \
      for i in $(seq 200); do grep -q 'listening on' \(path).err && exit 0; sleep 0.05; done; cat \(path).err; exit 1
      """)
  }

  /// Ends a capture that missed nothing, once it has written all that it has.
  func captured(_ interface: String) throws -> [CapturedFrame] {
    let path = folder.appending(path: interface).path
    try PrivateNetwork.run(
      """
      before=-; while now=$(stat -c %s \(path).pcap) && [ "$now" != "$before" ]; do before=$now; sleep 0.5; done; \
      pkill -INT -P $(cat \(path).pid); \
      for i in $(seq 200); do kill -0 $(cat \(path).pid) 2>/dev/null || break; sleep 0.05; done; \
      grep -q '^0 packets dropped by kernel' \(path).err || { cat \(path).err; exit 1; }
      """)
    return CapturedFrame.all(in: [UInt8](try Data(contentsOf: URL(filePath: path + ".pcap"))))
  }
}

/// A frame as tcpdump wrote it: pcap with nanoseconds, in the byte order of this machine.
struct CapturedFrame {
  var time: Int64
  var bytes: [UInt8]
  var length: UInt64

  static func all(in file: [UInt8]) -> [CapturedFrame] {
    func number(_ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(file[place + $1]) << (8 * $1) } }
    var frames: [CapturedFrame] = []
    var place = 24
    while place + 16 <= file.count {
      let (start, captured) = (place + 16, number(place + 8))
      frames.append(
        CapturedFrame(
          time: Int64(number(place)) * 1_000_000_000 + Int64(number(place + 4)),
          bytes: Array(file[start..<start + captured]), length: UInt64(number(place + 12))))
      place = start + captured
    }
    return frames
  }

  /// Source, destination and IP bytes; nil: no IP. Ethernet with at most one VLAN tag.
  var packet: (source: String, destination: String, ipBytes: UInt64)? {
    let start = bytes[12] == 0x81 && bytes[13] == 0 ? 18 : 14
    switch (bytes[start - 2], bytes[start - 1]) {
    case (0x08, 0x00):
      func address(_ place: Int) -> String { bytes[place..<place + 4].map(String.init).joined(separator: ".") }
      return (address(start + 12), address(start + 16), UInt64(bytes[start + 2]) << 8 | UInt64(bytes[start + 3]))
    case (0x86, 0xdd):
      func address(_ place: Int) -> String {
        IPAddress(octets: bytes[place..<place + 16])?.description ?? ""
      }
      return (address(start + 8), address(start + 24), 40 + (UInt64(bytes[start + 4]) << 8 | UInt64(bytes[start + 5])))
    default: return nil
    }
  }

  var destinationMAC: String { Self.text(bytes[0..<6]) }
  var sourceMAC: String { Self.text(bytes[6..<12]) }
  var isGroup: Bool { bytes[0] & 1 == 1 }

  private static func text(_ octets: ArraySlice<UInt8>) -> String {
    octets.map { String(format: "%02x", $0) }.joined(separator: ":")
  }
}
