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
      let first = processes.first(where: Self.isFirst)
    else { return nil }
    self.first = first.number
    all = processes.filter { $0.space == first.space }
  }

  /// How many there are, supervisors and services alike.
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
  static func remains() -> Set<Identity> {
    let processes = processes()
    let spaces = Set(processes.filter(isFirst).map(\.space))
    let own = link(getpid(), "pid")
    let remains = processes.filter { process in
      spaces.contains(process.space)
        || (process.space == own && process.command.first.map { ($0 as NSString).lastPathComponent } == "unshare"
          && process.command.contains(Part.subcommand))
    }
    return Set(remains.compactMap { Identity($0.number) })
  }

  /// A process that isn't taken for another one which gets its number later.
  struct Identity: Hashable {
    let number: Int32
    private let start: UInt64

    /// Nil: there is no such process.
    init?(_ number: Int32) {
      guard let start = LabProcesses.startTime(number) else { return nil }
      self.number = number
      self.start = start
    }

    /// False also where only its parent has yet to hear of its end. Number 1 of a PID namespace is the last in it to
    /// go.
    var isAlive: Bool {
      guard let fields = LabProcesses.fields(number), fields.count > 19, UInt64(fields[19]) == start else {
        return false
      }
      // While others of its threads are still ending, the first is shown as a zombie already.
      return fields[0] != "Z" || fields[17] != "1"
    }
  }

  private static func processes() -> [Process] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { name in
      guard let number = Int32(name), let bytes = FileManager.default.contents(atPath: "/proc/\(number)/cmdline"),
        let space = link(number, "pid")
      else { return nil }
      let command = bytes.split(separator: 0, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      return Process(number: number, command: command, space: space)
    }
  }

  static func link(_ number: Int32, _ kind: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(number)/ns/\(kind)")
  }

  /// Whether it is number 1 of a lab's PID namespace that was made in ours. A lab further down is a container's own.
  private static func isFirst(_ process: Process) -> Bool {
    guard Part(command: process.command) == .first,
      let status = try? String(contentsOfFile: "/proc/\(process.number)/status", encoding: .utf8),
      // Its number here, and in each PID namespace below down to its own.
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("NSpid:") })
    else { return false }
    let numbers = line.split(whereSeparator: \.isWhitespace).dropFirst()
    return numbers.count == 2 && numbers.last == "1"
  }

  /// In clock ticks since the machine's start.
  private static func startTime(_ number: Int32) -> UInt64? {
    fields(number).flatMap { $0.count > 19 ? UInt64($0[19]) : nil }
  }

  /// Of stat (proc(5)) from the third on, which follows the name in parentheses, which may hold blanks.
  private static func fields(_ number: Int32) -> [Substring]? {
    guard let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    return text[text.index(after: end)...].split(separator: " ")
  }
}
