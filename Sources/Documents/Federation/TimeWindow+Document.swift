internal import Model

extension TimeWindow {
  /// The windows of a site, by rising time; those that touch are one.
  static func all(of fields: Fields, now: Timestamp?) -> [TimeWindow] {
    guard let list = fields["windows"] else { return [] }
    if let end = fields["availableUntil"] {
      end.error("stands beside windows", hint: "the `until` of the last window says the same: take one out")
    }
    let items = list.items()
    if items.isEmpty, case .sequence = list.node.content {
      list.error("lists no window", hint: "without the field the site is always available; `drain: true` empties it")
    }
    let windows = items.compactMap { item in TimeWindow(item).map { (window: $0, item: item) } }
    if let now, windows.count == items.count { tellEnded(windows, at: now) }
    var joined: [TimeWindow] = []
    var last: Value?
    for (window, item) in windows.sorted(by: { $0.window.begins < $1.window.begins }) {
      if let before = joined.last, let other = last {
        if before.until.map({ window.begins < $0 }) ?? true {
          let (later, earlier) = item.position.line < other.position.line ? (other, item) : (item, other)
          later.error("overlaps the window on line \(earlier.position.line)", hint: "write one for both, or part them")
        } else if before.until == window.from {
          joined[joined.count - 1].until = window.until
          last = item
          continue
        }
      }
      joined.append(window)
      last = item
    }
    return joined
  }

  /// Windows that have ended are only worth a remark while others are open or to come; else nothing can be planned with
  /// the site, which whoever wrote them may not know.
  private static func tellEnded(_ windows: [(window: TimeWindow, item: Value)], at now: Timestamp) {
    let ended = windows.filter { $0.window.until.map { $0 <= now } ?? false }
    guard let last = ended.max(by: { $0.window.ends < $1.window.ends }), let until = last.window.until else { return }
    let item = last.item
    if ended.count == windows.count {
      item.error(
        "ended at \(until), and it is \(now): the site has no window left",
        hint: "give the next one; without `windows` it is always available, `drain: true` empties it")
    } else {
      let others = ended.count == 1 ? "" : ", like \(ended.count - 1) before it"
      item.log.warning(
        at: item.position, "\(item.path): ended at \(until)\(others), and it is \(now): left out",
        hint: "take \(ended.count == 1 ? "it" : "them") out")
    }
  }

  fileprivate init?(_ value: Value) {
    guard let fields = Fields(value, .window) else { return nil }
    let (from, until) = (fields["from"]?.timestamp(), fields["until"]?.timestamp())
    if fields["from"] == nil, fields["until"] == nil {
      value.error("has neither `from` nor `until`", hint: "without windows a site is always available")
      return nil
    }
    guard (from != nil) == (fields["from"] != nil), (until != nil) == (fields["until"] != nil) else { return nil }
    if let from, let until, until <= from {
      fields["until"]?.error("\(until) is not after `from`, \(from)")
      return nil
    }
    self.init(from: from, until: until)
  }

  fileprivate var begins: Timestamp { from ?? Timestamp(nanoseconds: .min) }
  fileprivate var ends: Timestamp { until ?? Timestamp(nanoseconds: .max) }
}
