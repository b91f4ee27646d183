import Foundation
import Glibc
import Linux
import Synchronization
import Testing

/// Listens to all that passes a host's underlay interface, in a thread of its own (packet(7)).
final class Wiretap: Sendable {
  struct Heard {
    /// Of frames in which each word was.
    var words: [String: Int] = [:]
    /// Bytes of TCP's segments, headers too, by either end's port.
    var bytes: [UInt16: Int] = [:]
  }

  private let state = Mutex((heard: Heard(), isEnded: false, hasStopped: false))
  private let file: Int32

  /// What is heard while the body runs.
  static func listen(
    at host: String, for words: [String], _ body: () async throws -> Void
  ) async throws -> Heard {
    let tap = try Wiretap(at: host)
    let thread = Thread { tap.run(words) }
    thread.start()
    do { try await body() } catch {
      await tap.end()
      throw error
    }
    await tap.end()
    return tap.state.withLock { $0.heard }
  }

  private init(at host: String) throws {
    let found = try Self.process(of: host)
    let process = try #require(found, "no process holds \(host)")
    file = try NetworkNamespace(ofProcess: process).run {
      let file = socket(AF_PACKET, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      var (room, wait) = (Int32(64 << 20), timeval(tv_sec: 0, tv_usec: 100_000))
      let interface = if_nametoindex("eth0")
      // struct sockaddr_ll: family, protocol (ETH_P_ALL, in the network's order), interface, and 12 octets more.
      var address = withUnsafeBytes(of: UInt16(AF_PACKET)) { Array($0) }
      address += withUnsafeBytes(of: UInt16(3).bigEndian) { Array($0) }
      address += withUnsafeBytes(of: interface) { Array($0) } + [UInt8](repeating: 0, count: 12)
      setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &room, socklen_t(MemoryLayout<Int32>.size))
      setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
      let result = address.withUnsafeBytes { bytes in
        bytes.withMemoryRebound(to: sockaddr.self) { bind(file, $0.baseAddress, socklen_t(bytes.count)) }
      }
      guard file >= 0, interface > 0, result == 0 else { throw Unexpected("eth0 of \(host): error \(errno)") }
      return file
    }
  }

  deinit { close(file) }

  private func end() async {
    state.withLock { $0.isEnded = true }
    while !state.withLock({ $0.hasStopped }) { try? await Task.sleep(for: .milliseconds(20)) }
  }

  private func run(_ words: [String]) {
    var frame = [UInt8](repeating: 0, count: 1 << 18)
    // What has come before the end is heard, too.
    while true {
      let isEnded = state.withLock { $0.isEnded }
      let count = recv(file, &frame, frame.count, isEnded ? Int32(MSG_DONTWAIT) : 0)
      guard count > 0 else {
        if isEnded { break }
        continue
      }
      note(frame[..<count], words)
    }
    state.withLock { $0.hasStopped = true }
  }

  private func note(_ frame: ArraySlice<UInt8>, _ words: [String]) {
    let found = words.filter { Self.contains(frame, $0) }
    let ports = Self.ports(frame)
    state.withLock { state in
      for word in found { state.heard.words[word, default: 0] += 1 }
      for port in ports { state.heard.bytes[port, default: 0] += frame.count }
    }
  }

  /// memmem(3), which Swift's Glibc leaves out.
  private static func contains(_ bytes: ArraySlice<UInt8>, _ word: String) -> Bool {
    typealias Search = @convention(c) (UnsafeRawPointer?, Int, UnsafeRawPointer?, Int) -> UnsafeMutableRawPointer?
    guard let symbol = dlsym(nil, "memmem") else { return false }
    let search = unsafeBitCast(symbol, to: Search.self)
    return bytes.withUnsafeBytes { bytes in
      Array(word.utf8).withUnsafeBytes { search(bytes.baseAddress, bytes.count, $0.baseAddress, $0.count) != nil }
    }
  }

  /// Both, of TCP in IPv4 in Ethernet.
  private static func ports(_ frame: ArraySlice<UInt8>) -> Set<UInt16> {
    guard frame.count > 34, frame[12] == 8, frame[13] == 0, frame[23] == 6 else { return [] }
    let start = 14 + Int(frame[14] & 15) * 4
    guard frame.count >= start + 4 else { return [] }
    return Set([start, start + 2].map { UInt16(frame[$0]) << 8 | UInt16(frame[$0 + 1]) })
  }

  /// The one that holds the host's namespaces.
  private static func process(of host: String) throws -> Int32? {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.first { number in
      let words = FileManager.default.contents(atPath: "/proc/\(number)/cmdline")?.split(separator: 0) ?? []
      return words.dropFirst().prefix(3).map { String(decoding: $0, as: UTF8.self) } == ["lab-part", "host", host]
    }
  }
}
