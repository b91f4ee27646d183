/// How much is exchanged in a second, by pairs or by groups of VMs.
struct TopTraffic {
  /// Of one direction, or several.
  struct Rates: Encodable {
    var packetsPerSecond = 0.0
    /// Of IP.
    var bytesPerSecond = 0.0
    /// How often VMs at the receiving end stood still.
    var waitsPerSecond = 0.0

    static func += (left: inout Rates, right: Rates) {
      left.packetsPerSecond += right.packetsPerSecond
      left.bytesPerSecond += right.bytesPerSecond
      left.waitsPerSecond += right.waitsPerSecond
    }
  }

  /// One direction.
  struct Pair {
    var source: String
    var destination: String
    var rates: Rates
  }

  /// A VM, or all that are at a host or a site.
  struct Group {
    var name: String
    /// Nil: not known, or it is no VM.
    var host: String?
    /// Nil: not known, or it is a site itself.
    var site: String?
    var inside = Rates()
    var received = Rates()
    var sent = Rates()

    /// Each row once; waits are those of its own VMs.
    var rates: Rates {
      var own = inside
      own += received
      own.packetsPerSecond += sent.packetsPerSecond
      own.bytesPerSecond += sent.bytesPerSecond
      return own
    }
  }

  private let all: [Pair]
  private let order: TopCommand.Order

  /// - Parameters:
  ///   - rows: of so many seconds, > 0.
  ///   - order: what the first has most of; ties in the order of names.
  init(rows: [QueryResult.Row], seconds: Double, order: TopCommand.Order) {
    self.order = order
    all = rows.map { row in
      Pair(
        source: row.source, destination: row.destination,
        rates: Rates(
          packetsPerSecond: row.packets / seconds, bytesPerSecond: row.ipBytes / seconds,
          waitsPerSecond: row.waits / seconds))
    }
  }

  var pairs: [Pair] {
    all.sorted {
      (order.value($1.rates), $0.source, $0.destination) < (order.value($0.rates), $1.source, $1.destination)
    }
  }

  /// - Parameters:
  ///   - groups: of each endpoint that is in one.
  ///   - place: of a group, host and site.
  func groups(
    _ groups: [String: String], at place: (String) -> (host: String?, site: String?)
  ) -> [Group] {
    var found: [String: Group] = [:]
    for name in groups.values where found[name] == nil {
      let (host, site) = place(name)
      found[name] = Group(name: name, host: host, site: site)
    }
    for pair in all {
      let (source, destination) = (groups[pair.source], groups[pair.destination])
      if let source, source == destination {
        found[source]?.inside += pair.rates
      } else {
        if let source { found[source]?.sent += pair.rates }
        if let destination { found[destination]?.received += pair.rates }
      }
    }
    return found.values.sorted { (order.value($1.rates), $0.name) < (order.value($0.rates), $1.name) }
  }
}

extension TopCommand.Order {
  fileprivate func value(_ rates: TopTraffic.Rates) -> Double {
    switch self {
    case .packets: rates.packetsPerSecond
    case .bytes: rates.bytesPerSecond
    case .waits: rates.waitsPerSecond
    }
  }
}
