import Model
import Wire

extension QueryResult {
  var table: String {
    var text = heading
    if !periods.isEmpty || rows.isEmpty {
      for period in periods {
        let state = period.isComplete ? "" : "  incomplete" + Self.list(": ", period.missingHosts)
        text += "\n\(period.start)  \(Text.duration(period.seconds))\(state)\n" + Self.table(period.rows)
      }
    } else {
      text += "\n" + Self.table(rows)
    }
    return text
  }

  private var heading: String {
    var lines = [
      "\(Timestamp(nanoseconds: header.start)) to \(Timestamp(nanoseconds: header.end))"
        + (header.exact ? "" : ", not exact")
    ]
    if !header.missingHosts.isEmpty {
      lines.append("Counts are missing of " + header.missingHosts.joined(separator: ", "))
    }
    if !header.gaps.isEmpty {
      let first = Timestamp(nanoseconds: header.gaps[0])
      let count = header.gaps.count
      lines.append(
        count == 1
          ? "Nothing is held of the period from \(first)"
          : "Nothing is held of \(Text.grouped(count)) periods, the first from \(first)")
    }
    if header.hasApproximated {
      let approximated = header.approximated
      lines.append(
        "From \(Timestamp(nanoseconds: approximated.start)) on taken to be like the period "
          + "from \(Timestamp(nanoseconds: approximated.from))")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func list(_ prefix: String, _ names: [String]) -> String {
    names.isEmpty ? "" : prefix + names.joined(separator: ", ")
  }

  private static func table(_ rows: [Row]) -> String {
    guard !rows.isEmpty else { return "no traffic\n" }
    var table = TextTable([
      ("SOURCE", .left), ("DESTINATION", .left), ("PACKETS", .right), ("LOST", .right), ("IP BYTES", .right),
      ("WAITS", .right),
    ])
    for row in rows {
      let lost = row.bySender ? nil : row.sentPackets.map { $0 - row.packets }
      table.append([
        row.source, row.destination, Text.grouped(row.packets) + (row.bySender ? " (sent)" : ""),
        lost.map { Text.grouped($0) } ?? "–", Text.grouped(row.ipBytes), Text.grouped(row.waits.rounded()),
      ])
    }
    return table.rendered()
  }

  /// A traffic matrix that other commands read; of the detail, each row with its period, and rows of a pair add up.
  func writeCSV() throws {
    let columns = ["source", "destination", "packets", "frame_bytes", "ip_bytes", "waits", "sent_packets", "by_sender"]
    if rows.isEmpty, !periods.isEmpty {
      try StandardOutput.write(CSV.row(["start", "seconds"] + columns))
      for period in periods {
        let time = [period.start.description, Text.plain(period.seconds)]
        for rows in period.rows.pieces { try StandardOutput.write(rows.map { CSV.row(time + $0.cells) }.joined()) }
      }
    } else {
      try StandardOutput.write(CSV.row(columns))
      for rows in rows.pieces { try StandardOutput.write(rows.map { CSV.row($0.cells) }.joined()) }
    }
  }
}

extension QueryResult.Row {
  fileprivate var cells: [String] {
    [source, destination]
      + [packets, frameBytes, ipBytes, waits].map(Text.plain)
      + [sentPackets.map(Text.plain) ?? "", bySender ? "true" : "false"]
  }
}

extension Array {
  /// In pieces that are written at once.
  fileprivate var pieces: [ArraySlice<Element>] {
    stride(from: 0, to: count, by: 4096).map { self[$0..<Swift.min($0 + 4096, count)] }
  }
}
