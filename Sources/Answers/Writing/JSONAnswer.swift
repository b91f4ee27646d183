internal import Traffic
internal import Wire

/// The JSON document of a query (docs/formats.md): a pair a line.
struct JSONAnswer: AnswerWriter {
  private let query: QueryParameters
  private var period = Transhumance_V1_PeriodAnswer()
  private var rowSeparator = "\n"
  private var periodSeparator = "\n"

  init(_ query: QueryParameters) { self.query = query }

  mutating func begin(_ header: Transhumance_V1_QueryHeader, _ text: inout ByteText) {
    let part = header.approximated
    let approximated: JSONField =
      header.hasApproximated
      ? .object([("end", .time(part.end)), ("from", .time(part.from)), ("start", .time(part.start))]) : .null
    var members: [(key: String, value: JSONField)] = [
      ("answer", .text(query.answer.name)), ("approximated", approximated), ("by", .text(query.endpoints.rawValue)),
    ]
    switch query.answer {
    case .detail, .mean: break
    case .coefficient(let coefficient): members.append(("coefficient", .number(coefficient)))
    case .weights(let weights): members.append(("weights", .numbers(weights)))
    }
    members += [
      ("end", .time(header.end)), ("exact", .flag(header.exact)), ("gaps", .times(header.gaps)),
      ("missingHosts", .texts(header.missingHosts)),
      ("rolledUpUntil", header.rolledUpUntil == 0 ? .null : .time(header.rolledUpUntil)), ("start", .time(header.start)),
    ]
    text.append("{")
    for (index, member) in members.enumerated() {
      text.append(index == 0 ? "\n" : ",\n")
      text.append(quoted: member.key)
      text.append(": ")
      text.append(member.value)
    }
    text.append(",\n\"\(query.answer == .detail ? "periods" : "pairs")\": [")
  }

  mutating func begin(_ period: Transhumance_V1_PeriodAnswer, _ text: inout ByteText) {
    self.period = period
    self.period.clearRows()
    text.append(periodSeparator)
    text.append("{\n\"complete\": \(period.complete),\n\"missingHosts\": ")
    text.append(.texts(period.missingHosts))
    text.append(",\n\"pairs\": [")
    (rowSeparator, periodSeparator) = ("\n", ",\n")
  }

  mutating func write(_ rows: AnswerRows, _ text: inout ByteText) {
    let names = rows.endpoints.map { name in
      var text = ByteText()
      text.append(quoted: name)
      return text.bytes
    }
    for row in rows {
      text.append(rowSeparator)
      rowSeparator = ",\n"
      text.append(row.bySender ? "{\"bySender\":true,\"destination\":" : "{\"bySender\":false,\"destination\":")
      text.append(contentsOf: names[row.destination])
      text.append(number: row.frameBytes, after: ",\"frameBytes\":")
      text.append(number: row.ipBytes, after: ",\"ipBytes\":")
      text.append(number: row.packets, after: ",\"packets\":")
      if let sent = row.sentPackets { text.append(number: sent, after: ",\"sentPackets\":") }
      text.append(",\"source\":")
      text.append(contentsOf: names[row.source])
      text.append(number: row.waits, after: ",\"waits\":")
      text.append("}")
    }
  }

  mutating func endPeriod(_ text: inout ByteText) {
    endList(&text)
    text.append(",\n\"parts\": \(period.count),\n\"seconds\": ")
    text.append(.number(Double(period.nanoseconds) / 1e9))
    text.append(",\n\"start\": ")
    text.append(.time(period.start))
    text.append("\n}")
  }

  mutating func end(_ text: inout ByteText) {
    if query.answer == .detail {
      text.append(periodSeparator == "\n" ? "]" : "\n]")
    } else {
      endList(&text)
    }
    text.append("\n}\n")
  }

  private func endList(_ text: inout ByteText) { text.append(rowSeparator == "\n" ? "]" : "\n]") }
}
