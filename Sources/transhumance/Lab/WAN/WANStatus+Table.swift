import Lab

extension WANStatus {
  /// For people: a line per direction, and how well the relay keeps time.
  var table: String {
    var table = TextTable([
      ("FROM", .left), ("TO", .left), ("STATE", .left), ("LATENCY", .right), ("BANDWIDTH", .right), ("PACKETS", .right),
      ("BYTES", .right), ("ON THE WAY", .right), ("LOST", .right),
    ])
    for pair in pairs {
      table.append([
        pair.from, pair.to, pair.cut ? "cut" : "open", Text.duration(pair.latencyMs / 1000),
        pair.bandwidthMbps.map { "\(Text.significant($0)) Mb/s" } ?? "unlimited", Text.grouped(pair.packets),
        Text.bytes(Double(pair.bytes)), Text.grouped(pair.inFlight),
        Text.grouped(pair.droppedByQueue + pair.droppedByCut),
      ])
    }
    return (pairs.isEmpty ? "The lab has one site: there is no line.\n" : table.rendered()) + notes
  }

  private var notes: String {
    var notes = ""
    if lateness.packets > 0 {
      let figures =
        "half by \(Text.decimals(lateness.p50Ms, 3)) ms, one in a hundred by "
        + "\(Text.decimals(lateness.p99Ms, 3)) ms, at most \(Text.decimals(lateness.maxMs, 3)) ms"
      notes += "\nDelivered late: \(figures), of \(Text.grouped(lateness.packets)) packets.\n"
      if !lateness.good { notes += "That is too late for a measurement: this machine is overloaded.\n" }
    }
    if !relay.realTime { notes += "The relay runs without real-time priority: the kernel refused it.\n" }
    if relay.unroutable > 0 { notes += "\(Text.grouped(relay.unroutable)) packets had no site as their destination.\n" }
    if relay.droppedByBuffers > 0 {
      notes += "\(Text.grouped(relay.droppedByBuffers)) packets were lost for want of memory.\n"
    }
    if relay.refused > 0 {
      notes += "\(Text.grouped(relay.refused)) packets were refused by the router they went to.\n"
    }
    return notes
  }
}
