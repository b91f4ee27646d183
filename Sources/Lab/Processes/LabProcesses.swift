import Foundation

/// The processes of the lab that runs, found by what the kernel says of them: no file can be out of date.
package struct LabProcesses: Sendable {
  /// One process of the machine.
  struct Process: Sendable {
    /// As seen from outside.
    var number: Int32
    var command: [String]
    /// Identity of its PID namespace.
    var space: String
  }

  /// Number 1 of the lab's own PID namespace; ending it ends all others.
  package let first: Int32
  let all: [Process]

  /// Nil: no lab runs.
  package init?() {
    let processes = Self.processes()
    guard
      let first = processes.first(where: { Part(command: $0.command) == .first && Self.innerNumber($0.number) == 1 })
    else { return nil }
    self.first = first.number
    all = processes.filter { $0.space == first.space }
  }

  package var count: Int { all.count }

  /// The process that holds a part's namespaces, as seen from outside.
  package func number(of part: Part) -> Int32? {
    all.first { Part(command: $0.command) == part }?.number
  }

  /// Where each guest runs: the host of its oldest hypervisor process, since during a move that is the one that runs.
  package func guests(on hosts: [String]) -> [String: [String]] {
    var places: [String: (host: String, start: UInt64)] = [:]
    var hostOfSpace: [String: String] = [:]
    for host in hosts {
      if let number = number(of: .host(host)), let space = Self.link(number, "net") { hostOfSpace[space] = host }
    }
    for process in all {
      guard let guest = Self.guest(process.command), let space = Self.link(process.number, "net"),
        let host = hostOfSpace[space], let start = Self.startTime(process.number)
      else { continue }
      if let other = places[guest], other.start <= start { continue }
      places[guest] = (host, start)
    }
    return Dictionary(grouping: places.keys) { places[$0]?.host ?? "" }.mapValues { $0.sorted() }
  }

  /// Names of the guests with a hypervisor process.
  var running: Set<String> { Set(all.compactMap { Self.guest($0.command) }) }

  /// `-name guest=vm1,debug-threads=on`
  private static func guest(_ command: [String]) -> String? {
    guard command.first?.contains("qemu-system") == true, let place = command.firstIndex(of: "-name"),
      place + 1 < command.count
    else { return nil }
    return command[place + 1].split(separator: ",").first { $0.hasPrefix("guest=") }.map { String($0.dropFirst(6)) }
  }

  /// Everything that has to do with a lab, from outside: the processes of all labs, and whoever waits for their first.
  static func remains() -> [Int32] {
    let processes = processes()
    let spaces = Set(
      processes.filter { Part(command: $0.command) == .first && innerNumber($0.number) == 1 }.map(\.space))
    return processes.filter { process in
      spaces.contains(process.space)
        || (process.command.first.map { ($0 as NSString).lastPathComponent } == "unshare"
          && process.command.contains(Part.subcommand))
    }.map(\.number)
  }

  private static func processes() -> [Process] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { name in
      guard let number = Int32(name), let bytes = FileManager.default.contents(atPath: "/proc/\(number)/cmdline"),
        !bytes.isEmpty, let space = link(number, "pid")
      else { return nil }
      let command = bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
      return Process(number: number, command: command, space: space)
    }
  }

  static func link(_ number: Int32, _ kind: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(number)/ns/\(kind)")
  }

  /// Its number in its own PID namespace.
  private static func innerNumber(_ number: Int32) -> Int32? {
    guard let status = try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("NSpid:") })
    else { return nil }
    return line.split(whereSeparator: \.isWhitespace).last.flatMap { Int32($0) }
  }

  /// In clock ticks since the machine's start: field 22 of stat, 20 after the name, which may hold blanks.
  private static func startTime(_ number: Int32) -> UInt64? {
    guard let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? UInt64(fields[19]) : nil
  }
}
