import Linux
import Model

/// The relay's state, and what requests make of it; without any file.
struct WANState {
  private let configuration: WANConfiguration
  let prefixes: WANPrefixes
  var schedule: WANSchedule
  var lateness = Lateness()
  var relay = WANStatus.Relay(realTime: false, unroutable: 0, droppedByBuffers: 0, refused: 0)

  init(_ configuration: WANConfiguration) {
    self.configuration = configuration
    prefixes = WANPrefixes(configuration.sites.map { $0.prefixes.compactMap { IPSubnet(text: $0) } })
    schedule = WANSchedule(siteCount: configuration.sites.count) { configuration.line(from: $0, to: $1) }
  }

  /// - Parameter lost: called with each packet that a cut loses
  mutating func answer(_ request: WANRequest, at now: UInt64, lost: (WANPacket) -> Void) -> WANReply {
    if let problem = request.problem { return WANReply(error: problem) }
    let chosen = request.sites.map { $0.map(index(of:)) } ?? []
    if let unknown = request.sites?.first(where: { index(of: $0) == nil }) {
      let names = configuration.sites.map(\.name).joined(separator: ", ")
      return WANReply(error: "no site \(unknown); there are \(names)")
    }
    switch request.verb {
    case .status: break
    case .measure: lateness = Lateness()
    case .slow, .cut, .heal:
      for source in configuration.sites.indices {
        for destination in configuration.sites.indices where source != destination {
          guard chosen.isEmpty || (chosen.contains(source) && chosen.contains(destination)) else { continue }
          schedule.change(from: source, to: destination, at: now, lost: lost) { line in
            switch request.verb {
            case .cut: line.isCut = true
            case .heal: line = configuration.line(from: source, to: destination)
            default: line.take(request)
            }
          }
        }
      }
    }
    return WANReply(status)
  }

  private func index(of site: String) -> Int? { configuration.sites.firstIndex { $0.name == site } }

  private var status: WANStatus {
    let names = configuration.sites.map(\.name)
    var pairs: [WANStatus.Direction] = []
    for source in names.indices {
      for destination in names.indices where source != destination {
        pairs.append(.init(schedule[from: source, to: destination], from: names[source], to: names[destination]))
      }
    }
    return WANStatus(sites: names, pairs: pairs, lateness: .init(lateness), relay: relay)
  }
}

extension WANConfiguration {
  func line(from source: Int, to destination: Int) -> WANLine {
    let pair: Set = [sites[source].name, sites[destination].name]
    return lines.last { Set($0.between) == pair }
      .map { WANLine(Link(latencyMs: $0.latencyMs, bandwidthMbps: $0.bandwidthMbps)) } ?? WANLine(latency: 0)
  }
}

extension WANLine {
  /// What a request to slow down says.
  fileprivate mutating func take(_ request: WANRequest) {
    if let latencyMs = request.latencyMs { latency = UInt64(latencyMs * 1e6) }
    if let bandwidthMbps = request.bandwidthMbps { bandwidth = bandwidthMbps == 0 ? nil : bandwidthMbps * 1e6 }
  }
}

extension WANStatus.Direction {
  init(_ path: WANPath, from: String, to: String) {
    self.init(
      from: from, to: to, cut: path.line.isCut, latencyMs: Double(path.line.latency) / 1e6,
      bandwidthMbps: path.line.bandwidth.map { $0 / 1e6 }, packets: path.counts.packets, bytes: path.counts.bytes,
      inFlight: path.inFlight, droppedByQueue: path.counts.droppedByQueue, droppedByCut: path.counts.droppedByCut)
  }
}

extension WANStatus.Late {
  init(_ lateness: Lateness) {
    let milliseconds = { (nanoseconds: UInt64) in Double(nanoseconds / 1000) / 1000 }
    let p99 = lateness.quantile(0.99)
    self.init(
      packets: lateness.count, p50Ms: milliseconds(lateness.quantile(0.5)), p99Ms: milliseconds(p99),
      maxMs: milliseconds(lateness.maximum), good: p99 <= 1_000_000)
  }
}
