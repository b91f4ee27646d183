import Foundation
import Testing

/// What a guest last said of its work, on its console.
struct Progress: Equatable {
  var iterations: Int
  var resets: Int
  var reconnections: Int
  var corrupt: Int
  /// Of the kernel: another one would be another boot.
  var boot: String

  /// `vm1 iterations=42 resets=0 reconnections=0 corrupt=0 boot=5ec0…`
  init?(line: Substring) {
    let pairs = line.split(whereSeparator: \.isWhitespace).compactMap { word -> (Substring, Substring)? in
      let parts = word.split(separator: "=")
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
    let fields = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    let count = { (name: Substring) in fields[name].flatMap { Int($0) } }
    guard let iterations = count("iterations"), let resets = count("resets"),
      let reconnections = count("reconnections"), let corrupt = count("corrupt"),
      let boot = fields["boot"], boot.count == 36
    else { return nil }
    self.iterations = iterations
    self.resets = resets
    self.reconnections = reconnections
    self.corrupt = corrupt
    self.boot = String(boot)
  }
}

/// What the hypervisors and kernels of both hosts have, read from them and not from our agents.
struct Places: Equatable {
  /// By host, domains with their states: `vm1 running`.
  var domains: [String: [String]]
  /// By host, taps of VMs.
  var taps: [String: [String]]

  /// The only host where anything of the VM is; nil where it doesn't run, or more of it is elsewhere.
  func only(_ vm: String, tap: String) -> String? {
    let hosts = domains.filter { $0.value.contains { $0.hasPrefix(vm + " ") } }.keys
    guard hosts.count == 1, let host = hosts.first, domains[host]?.contains(vm + " running") == true else { return nil }
    return taps.filter { $0.value.contains(tap) }.map(\.key) == [host] ? host : nil
  }
}

extension SmallLab {
  /// By guest; without those that haven't begun.
  func progress() -> [String: Progress] {
    var all: [String: Progress] = [:]
    for guest in Self.guests {
      let path = "/run/transhumance/lab/console/\(guest).log"
      let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
      all[guest] = text.split(whereSeparator: \.isNewline).reversed().lazy.compactMap { Progress(line: $0) }.first
    }
    return all
  }

  func places() async throws -> Places {
    var places = Places(domains: [:], taps: [:])
    for host in Self.hosts {
      let domains = try await shell(host, "virsh list --all").output
      places.domains[host] = domains.split(separator: "\n").dropFirst(2).map {
        $0.split(separator: " ").dropFirst().joined(separator: " ")
      }
      let links = try await shell(host, "ip -o link").output
      places.taps[host] = links.split(separator: "\n").compactMap { line in
        line.split(separator: " ").dropFirst().first.map { $0.dropLast() }.map(String.init)
      }.filter { $0.hasPrefix("th52") }
    }
    return places
  }

  /// Waits until both guests have come further since now, over the connection they opened first.
  func expectWork(
    since before: [String: Progress], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let start = progress()
    try await wait("the guests to go on", sourceLocation: sourceLocation) {
      progress().allSatisfy { guest, now in now.iterations > (start[guest]?.iterations ?? 0) }
    }
    for (guest, now) in progress() {
      #expect(now.boot == before[guest]?.boot, "\(guest) has booted anew", sourceLocation: sourceLocation)
      #expect(
        (now.resets, now.reconnections, now.corrupt) == (0, 0, 0), "\(guest): \(now)", sourceLocation: sourceLocation)
    }
  }
}
