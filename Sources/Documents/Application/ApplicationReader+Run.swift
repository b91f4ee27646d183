internal import Model

extension ApplicationReader {
  /// What tells when a run ends; a service has none.
  func run(of fields: Fields) -> Run? {
    guard let value = fields["run"], let run = Fields(value, .run) else { return nil }
    if fields["remainingHours"]?.node.text == "none" {
      value.error(
        "tells of an end, which a service (remainingHours: none) doesn't have",
        hint: "leave out remainingHours, or the run")
    }
    if case .mapping(let entries) = value.node.content, entries.isEmpty {
      value.error("says nothing", hint: "give one of \(Shape.run.fields.joined(separator: ", ")), or remove it")
    }
    return Run(
      started: run["started"]?.timestamp(), earlierHours: hours(run["earlierHours"]),
      totalMessages: run.number("totalMessages", .positive), sentMessages: run.number("sentMessages"),
      jobEnds: run["jobEnds"]?.timestamp())
  }

  private func hours(_ list: Value?) -> [Double] {
    guard let list else { return [] }
    let items = list.items()
    if items.isEmpty, case .sequence = list.node.content { list.error("lists no run", hint: "at least one") }
    return items.compactMap { $0.number(.positive) }
  }
}
