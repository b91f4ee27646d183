internal import Model
internal import SwiftProtobuf
package import Traffic

extension SensorReport {
  /// - Throws: where the message contradicts itself; such a report is refused whole, not mended.
  package init(_ message: Transhumance_V1_SensorReport) throws(WireError) {
    guard !message.host.isEmpty, message.host.utf8.count <= 255 else {
      throw WireError("a report without a host's name")
    }
    guard message.sequence > 0 else { throw WireError("a report without a sequence number") }
    guard message.periodNanoseconds > 0 else { throw WireError("a report of a period without length") }
    guard message.periodStart % message.periodNanoseconds == 0 else {
      throw WireError("a report of a period that doesn't begin at a multiple of its length")
    }
    guard !message.periodStart.addingReportingOverflow(message.periodNanoseconds).overflow else {
      throw WireError("a report of a period beyond the year 2262")
    }
    let period = Period(start: Timestamp(nanoseconds: message.periodStart), length: message.periodNanoseconds)
    try Self.checkBounds(of: message)
    let endpoints = message.endpoints.map { Endpoint($0) }
    self.init(
      host: message.host, incarnation: message.incarnation, sequence: message.sequence, period: period,
      incomplete: message.incomplete.isEmpty ? nil : message.incomplete,
      accounting: Accounting(message.accounting), vms: message.vms.map(SensedVM.init),
      received: try Self.rows(message.received, endpoints), sent: try Self.rows(message.sent, endpoints),
      clockErrorSeconds: Self.isAmount(message.clockErrorSeconds) ? message.clockErrorSeconds : nil,
      lostReports: message.lostReports)
    guard accounting.seen == message.accounting.seen else {
      throw WireError("a report whose frames don't add up to those that were seen")
    }
  }

  /// What no host has more of, so that one that is out of its mind costs the others nothing.
  private static func checkBounds(of message: Transhumance_V1_SensorReport) throws(WireError) {
    let rows = max(message.received.source.count, message.sent.source.count)
    guard rows <= WireLimits.mostRows else {
      throw WireError("a report of \(rows) pairs, more than \(WireLimits.mostRows)")
    }
    guard message.vms.count <= WireLimits.mostVMs else {
      throw WireError("a report of \(message.vms.count) VMs, more than \(WireLimits.mostVMs)")
    }
    let names = message.vms.lazy.map(\.name)
    guard message.endpoints.count <= WireLimits.mostEndpoints,
      message.endpoints.allSatisfy({ $0.utf8.count <= WireLimits.longestName }),
      names.allSatisfy({ !$0.isEmpty && $0.utf8.count <= WireLimits.longestName })
    else {
      throw WireError(
        "a report with too many endpoints, or a name that is empty or longer than \(WireLimits.longestName) octets")
    }
    guard Set(names).count == message.vms.count else { throw WireError("a report that has a VM twice") }
    // What isn't could be added to nothing, and written in no document.
    if let odd = message.vms.first(where: { !Self.isAmount($0.cpuSeconds) }) {
      throw WireError("a report of \(odd.cpuSeconds) s of processor time of the VM \(odd.name)")
    }
    let texts = message.vms.lazy.map(\.unknown.utf8.count).max() ?? 0
    guard max(message.incomplete.utf8.count, texts) <= WireLimits.longestText else {
      throw WireError("a report with an explanation of more than \(WireLimits.longestText) octets")
    }
  }

  private static func isAmount(_ number: Double) -> Bool { number.isFinite && number >= 0 }

  private static func rows(
    _ message: Transhumance_V1_TrafficRows, _ endpoints: [Endpoint]
  ) throws(WireError) -> [Row] {
    let count = message.source.count
    let needed = [message.destination.count, message.packets.count, message.frameBytes.count, message.ipBytes.count]
    // Of a sensor that counts no waits they aren't there.
    let waits = [
      message.rounds.count, message.windows.count, message.lag.count, message.turns.count, message.matched.count,
      message.runs.count, message.shares.count,
    ]
    guard needed.allSatisfy({ $0 == count }), waits.allSatisfy({ $0 == count || $0 == 0 }) else {
      throw WireError("a report with columns of different lengths")
    }
    func value<Number: FixedWidthInteger>(_ column: [Number], _ index: Int) -> Number {
      column.isEmpty ? 0 : column[index]
    }
    var rows: [Row] = []
    rows.reserveCapacity(count)
    for index in 0..<count {
      let (source, destination) = (Int(message.source[index]), Int(message.destination[index]))
      guard source < endpoints.count, destination < endpoints.count else {
        throw WireError("a report with an endpoint that its dictionary doesn't have")
      }
      rows.append(
        Row(
          source: endpoints[source], destination: endpoints[destination],
          counts: PairCounts(
            packets: message.packets[index], frameBytes: message.frameBytes[index], ipBytes: message.ipBytes[index],
            rounds: value(message.rounds, index), windows: value(message.windows, index),
            lag: value(message.lag, index), turns: value(message.turns, index),
            matched: value(message.matched, index), runs: value(message.runs, index),
            shares: value(message.shares, index))))
    }
    return rows
  }

  package var message: Transhumance_V1_SensorReport {
    var message = Transhumance_V1_SensorReport()
    message.host = host
    message.incarnation = incarnation
    message.sequence = sequence
    message.periodStart = period.start.nanoseconds
    message.periodNanoseconds = period.length
    message.incomplete = incomplete ?? ""
    message.accounting = accounting.message
    message.vms = vms.map(\.message)
    var dictionary = EndpointDictionary()
    message.received = dictionary.message(received)
    message.sent = dictionary.message(sent)
    message.endpoints = dictionary.texts
    message.clockErrorSeconds = clockErrorSeconds ?? -1
    message.lostReports = lostReports
    return message
  }
}

/// The endpoints of rows, each once.
private struct EndpointDictionary {
  private(set) var texts: [String] = []
  private var indices: [Endpoint: UInt32] = [:]

  private mutating func index(of endpoint: Endpoint) -> UInt32 {
    if let known = indices[endpoint] { return known }
    let index = UInt32(texts.count)
    indices[endpoint] = index
    texts.append(endpoint.description)
    return index
  }

  mutating func message(_ rows: [SensorReport.Row]) -> Transhumance_V1_TrafficRows {
    var message = Transhumance_V1_TrafficRows()
    message.source = rows.map { index(of: $0.source) }
    message.destination = rows.map { index(of: $0.destination) }
    message.packets = rows.map(\.counts.packets)
    message.frameBytes = rows.map(\.counts.frameBytes)
    message.ipBytes = rows.map(\.counts.ipBytes)
    message.rounds = rows.map(\.counts.rounds)
    message.windows = rows.map(\.counts.windows)
    message.lag = rows.map(\.counts.lag)
    message.turns = rows.map(\.counts.turns)
    message.matched = rows.map(\.counts.matched)
    message.runs = rows.map(\.counts.runs)
    message.shares = rows.map(\.counts.shares)
    return message
  }
}

extension Accounting {
  fileprivate init(_ message: Transhumance_V1_Accounting) {
    self.init()
    counted = message.counted
    notIP = message.notIp
    malformed = message.malformed
    foreign = message.foreign
    dropped = message.dropped
  }

  fileprivate var message: Transhumance_V1_Accounting {
    .with {
      $0.seen = seen
      $0.counted = counted
      $0.notIp = notIP
      $0.malformed = malformed
      $0.foreign = foreign
      $0.dropped = dropped
    }
  }
}

extension SensedVM {
  fileprivate init(_ message: Transhumance_V1_SensedVM) {
    self.init(
      name: message.name, tapDropped: message.tapDropped, spoofed: message.spoofed,
      cpuSeconds: message.hasCpuSeconds ? message.cpuSeconds : nil, vcpus: Int(message.vcpus), memory: message.memory,
      unknown: message.unknown.isEmpty ? nil : message.unknown)
  }

  fileprivate var message: Transhumance_V1_SensedVM {
    .with {
      $0.name = name
      $0.tapDropped = tapDropped
      $0.spoofed = spoofed
      if let cpuSeconds { $0.cpuSeconds = cpuSeconds }
      $0.vcpus = UInt32(clamping: vcpus)
      $0.memory = memory
      $0.unknown = unknown ?? ""
    }
  }
}
