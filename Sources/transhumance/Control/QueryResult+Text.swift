import Model
import Wire

extension QueryResult {
  var table: String {
    var text = heading
    if !periods.isEmpty || rows.isEmpty {
      for period in periods {
        let state = period.isComplete ? "" : "  incomplete" + Self.list(": ", period.missingHosts)
        let parts = period.parts > 1 ? " (\(period.parts) periods added up)" : ""
        text += "\n\(period.start)  \(Text.duration(period.seconds))\(parts)\(state)\n" + Self.table(period.rows)
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
}
