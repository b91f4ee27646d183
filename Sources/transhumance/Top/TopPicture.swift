import Model
import Wire

/// Rates of the latest closed periods, as a document and as a table.
struct TopPicture {
  enum Content {
    case pairs([TopTraffic.Pair])
    /// VMs, hosts or sites, as the command says.
    case groups([TopTraffic.Group])
  }

  let command: TopCommand
  let header: Transhumance_V1_QueryHeader
  let content: Content

  private var start: String { Timestamp(nanoseconds: header.start).description }
  private var end: String { Timestamp(nanoseconds: header.end).description }
}

extension TopPicture: Encodable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { return nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(command.by.rawValue, forKey: Key("by"))
    try container.encodeIfPresent(command.application, forKey: Key("application"))
    try container.encode(start, forKey: Key("start"))
    try container.encode(end, forKey: Key("end"))
    try container.encode(header.exact, forKey: Key("exact"))
    try container.encode(header.missingHosts, forKey: Key("missingHosts"))
    switch content {
    case .pairs(let pairs): try container.encode(pairs, forKey: Key(command.by.rawValue))
    case .groups(let groups): try container.encode(groups, forKey: Key(command.by.rawValue))
    }
  }
}

extension TopTraffic.Pair: Encodable {
  func encode(to encoder: any Encoder) throws {
    try rates.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(source, forKey: .source)
    try container.encode(destination, forKey: .destination)
  }

  private enum CodingKeys: String, CodingKey { case source, destination }
}

extension TopTraffic.Group: Encodable {
  func encode(to encoder: any Encoder) throws {
    try rates.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encodeIfPresent(host, forKey: .host)
    try container.encodeIfPresent(site, forKey: .site)
    try container.encode(inside, forKey: .inside)
    try container.encode(received, forKey: .received)
    try container.encode(sent, forKey: .sent)
  }

  private enum CodingKeys: String, CodingKey { case name, host, site, inside, received, sent }
}

extension TopPicture {
  /// - Parameter room: of a terminal that shows it in place; nil: as much as there is.
  func text(room: (rows: Int, columns: Int)? = nil) -> String {
    var headings = [heading]
    if !header.missingHosts.isEmpty {
      headings.append("counts are missing of \(header.missingHosts.joined(separator: ", "))")
    }
    if let room { headings = headings.map { String($0.prefix(room.columns)) } }
    var text = Terminal.styled(headings[0], .bold) + "\n"
    for line in headings.dropFirst() { text += Terminal.styled(line, .yellow) + "\n" }
    let rows = rows
    guard !rows.isEmpty else { return text + "no traffic\n" }
    // A line is left after the last one.
    let lines = room.map { $0.rows - headings.count - 1 }
    return text + TextTable.text(of: rows, columns, lines: lines, width: room?.columns) { $0 }
  }

  private var heading: String {
    let whose = command.application.map { "\($0): " } ?? ""
    return "\(whose)\(command.by.rawValue) by \(command.sort.rawValue), \(start) to \(end)"
      + (header.exact ? "" : ", not exact")
  }

  private var columns: [(heading: String, alignment: TextTable.Alignment)] {
    let names: [(heading: String, alignment: TextTable.Alignment)] =
      switch command.by {
      case .pairs: [("SOURCE", .left), ("DESTINATION", .left)]
      case .vms: [("VM", .left), ("HOST", .left), ("SITE", .left)]
      case .hosts: [("HOST", .left), ("SITE", .left)]
      case .sites: [("SITE", .left)]
      }
    let rates: [(heading: String, alignment: TextTable.Alignment)] = [
      ("PACKETS/S", .right), ("BYTES/S", .right), ("WAITS/S", .right),
    ]
    let parts: [(heading: String, alignment: TextTable.Alignment)] =
      switch command.by {
      case .pairs: []
      case .vms: [("RECEIVED/S", .right), ("SENT/S", .right)]
      case .hosts, .sites: [("INSIDE/S", .right), ("RECEIVED/S", .right), ("SENT/S", .right)]
      }
    return names + rates + parts
  }

  /// Cells of the table.
  private var rows: [[String]] {
    switch content {
    case .pairs(let pairs): pairs.map { [$0.source, $0.destination] + $0.rates.cells }
    case .groups(let groups):
      groups.map { group in
        let parts = [group.received, group.sent].map { Text.significant($0.packetsPerSecond) }
        let inside = Text.significant(group.inside.packetsPerSecond)
        let (host, site) = (group.host ?? "–", group.site ?? "–")
        return switch command.by {
        case .pairs, .sites: [group.name] + group.rates.cells + [inside] + parts
        case .hosts: [group.name, site] + group.rates.cells + [inside] + parts
        case .vms: [group.name, host, site] + group.rates.cells + parts
        }
      }
    }
  }
}

extension TopTraffic.Rates {
  fileprivate var cells: [String] {
    [Text.significant(packetsPerSecond), Text.bytes(bytesPerSecond), Text.significant(waitsPerSecond)]
  }
}
