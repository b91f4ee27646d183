internal import Hummingbird
internal import Model
internal import Wire

extension APIResponder {
  /// Whether the controller leads: it answers. More is for those who may see everything.
  func health(_ caller: Caller) async -> Response {
    guard !caller.isScoped else { return .json(HealthDocument()) }
    return .json(HealthDocument(await controller.overview(.init())))
  }
}

struct HealthDocument: Encodable {
  var leads = true
  /// The newest closed one's start.
  var latestPeriod: String?
  var periodSeconds: Double?
  /// Why it acts on nothing.
  var paused: String?
  /// Why the newest federation file isn't in force.
  var federationProblem: String?
  /// Whose agents aren't connected.
  var silentHosts: [String]?

  init() {}

  init(_ overview: OverviewReply) {
    if overview.periodNanoseconds > 0 {
      latestPeriod = Timestamp(nanoseconds: overview.latestPeriod).description
      periodSeconds = Double(overview.periodNanoseconds) / 1e9
    }
    paused = overview.paused.isEmpty ? nil : overview.paused
    federationProblem = overview.federationProblem.isEmpty ? nil : overview.federationProblem
    silentHosts = overview.hosts.filter { !$0.connected }.map(\.name)
  }
}
