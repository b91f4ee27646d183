package import Model
package import Traffic
package import Wire

/// What is said where a query is handed back.
package struct RefusalDocument: Sendable {
  private let refusal: Transhumance_V1_QueryRefusal
  private let query: QueryParameters

  /// - Parameter query: what was asked, which the document repeats.
  package init(_ refusal: Transhumance_V1_QueryRefusal, of query: QueryParameters) {
    self.refusal = refusal
    self.query = query
  }

  /// By when the query can be answered, at the latest; nil: not known, or never.
  package var availableAt: Timestamp? {
    refusal.availableAt == 0 ? nil : Timestamp(nanoseconds: refusal.availableAt)
  }

  /// In JSON, keys sorted, on one line for each.
  package var json: [UInt8] {
    let members: [(key: String, value: JSONField)] = [
      ("availableAt", availableAt.map { .time($0.nanoseconds) } ?? .null),
      ("missing", .texts(refusal.missingHosts)), ("query", .object(asked)), ("reason", .text(refusal.reason)),
      ("refused", .flag(true)),
    ]
    var text = ByteText()
    for (index, member) in members.enumerated() {
      text.append(index == 0 ? "{\n" : ",\n")
      text.append(quoted: member.key)
      text.append(": ")
      text.append(member.value)
    }
    text.append("\n}\n")
    return text.bytes
  }

  /// In words, on one line.
  package var words: String {
    var text = "handed back: " + refusal.reason
    if !refusal.missingHosts.isEmpty { text += "; waiting for " + refusal.missingHosts.joined(separator: ", ") }
    if let availableAt { text += "; available at \(availableAt)" }
    return text
  }

  /// The query as it was asked.
  private var asked: [(key: String, value: JSONField)] {
    var fields: [(key: String, value: JSONField)] = [
      ("answer", .text(query.answer.name)), ("approximate", .flag(query.isApproximate)),
      ("by", .text(query.endpoints.rawValue)), ("waitSeconds", .number(Double(query.wait) / 1e9)),
    ]
    switch query.span {
    case .last(let count): fields.append(("last", .count(UInt64(clamping: count))))
    case .lasting(let nanoseconds): fields.append(("lastSeconds", .number(Double(nanoseconds) / 1e9)))
    case .interval(let start, let end):
      fields.append(("start", .time(start.nanoseconds)))
      if let end { fields.append(("end", .time(end.nanoseconds))) }
    }
    switch query.answer {
    case .detail, .mean: break
    case .coefficient(let coefficient): fields.append(("coefficient", .number(coefficient)))
    case .weights(let weights): fields.append(("weights", .numbers(weights)))
    }
    switch query.applications.count {
    case 0: break
    case 1: fields.append(("application", .text(query.applications[0])))
    default: fields.append(("applications", .texts(query.applications)))
    }
    for (name, values) in [("vms", query.vms), ("hosts", query.hosts), ("sites", query.sites)] where !values.isEmpty {
      fields.append((name, .texts(values)))
    }
    return fields.sorted { $0.key < $1.key }
  }
}
