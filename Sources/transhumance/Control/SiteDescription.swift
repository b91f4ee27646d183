import Answers
import Model
import Wire

/// A site, and which of its hosts take VMs; of the others why not.
struct SiteDescription: Description {
  struct Host: Encodable {
    var name: String
    var takesVMs: Bool
    /// Nil where it does.
    var reason: String?
  }

  private let site: SiteStatusDocument
  let states: [Host]

  init?(of name: String, in reply: OverviewReply) {
    guard let status = reply.sites.first(where: { $0.name == name }) else { return nil }
    site = SiteStatusDocument(status)
    let hosts = Dictionary(reply.hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    states = status.hosts.map { host in
      let takes = status.openHosts.contains(host)
      return Host(
        name: host, takesVMs: takes, reason: takes ? nil : hosts[host]?.whyItTakesNone(at: status) ?? Self.silent)
    }
  }

  var text: String {
    let lines: [(String, String)] = [
      ("Site", site.name), ("Kind", site.kind ?? "–"), ("Price", "\(site.price.words) per hour"),
      ("Quota", site.quota.words), ("Headroom", Text.percent(site.headroom)),
      ("Drain", site.drain ? "by the federation's file" : "no"), ("Available", site.windowInWords),
      ("VMs", String(site.vms)), ("vCPUs", site.vcpusInWords), ("Memory", site.memoryInWords), ("Room", site.room.words),
    ]
    var table = TextTable([("HOST", .left), ("TAKES VMS", .left)])
    for host in states { table.append([host.name, host.reason.map { "no: \($0)" } ?? "yes"]) }
    return Self.text(lines) + (states.isEmpty ? "" : "\n" + table.rendered())
  }

  func encode(to encoder: any Encoder) throws {
    try site.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(states, forKey: .hostStates)
  }

  private enum CodingKeys: String, CodingKey { case hostStates }

  fileprivate static let silent = "it is silent: its agent isn't connected"
}

extension Transhumance_V1_SensedHost {
  fileprivate func whyItTakesNone(at site: Transhumance_V1_SiteStatus) -> String {
    if site.closed { return "the site isn't available now" }
    if !connected { return SiteDescription.silent }
    if site.drained { return "by the federation's file the site is to be left (drain)" }
    if drained { return "it is drained (`transhumance drain \(name) --undo`)" }
    if site.drainedHosts.contains(name) { return "by the federation's file it is to be left (drain)" }
    if let held = report.held { return held.words(of: name) }
    return "its agent is connected, and has told nothing yet"
  }
}
