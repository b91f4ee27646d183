internal import Foundation
internal import HTTPTypes

/// What a request is about, by its method and path.
enum Route: Hashable, Sendable {
  case health
  case statistics
  case applications
  case plans
  case plan(String)
  case hosts
  case sites
  case periods
  case events
  /// Nothing more begins for an application, or (`resume`) things go on.
  case pause(application: String, resume: Bool)
  case decide(plan: String, approve: Bool)
  /// All VMs are to leave a host, or (`undo`) it is taken into use again.
  case drain(host: String, undo: Bool)

  /// - Parameter path: without the query, as it came.
  /// - Throws: 404 where there is nothing of that path, 405 where it isn't asked by that method.
  init(method: String, path: String) throws {
    guard let route = Self.route(path) else {
      throw APIError(.notFound, "there is nothing at this path; docs/api.md lists all")
    }
    guard route.methods.contains(method) else {
      let words = route.methods.joined(separator: " or ")
      throw APIError(
        .methodNotAllowed, "this path is asked by \(words) alone", [.allow: route.methods.joined(separator: ", ")])
    }
    self = route
  }

  private static func route(_ path: String) -> Route? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    var words: [String] = []
    for part in parts {
      guard let word = part.removingPercentEncoding, !word.isEmpty else { return nil }
      words.append(word)
    }
    guard words.first == "v1", words.count <= 4 else { return nil }
    let name = words.count > 2 ? words[2] : ""
    switch (words.count, words.count > 1 ? words[1] : "", words.count > 3 ? words[3] : "") {
    case (2, "health", _): return .health
    case (2, "statistics", _): return .statistics
    case (2, "applications", _): return .applications
    case (2, "plans", _): return .plans
    case (2, "hosts", _): return .hosts
    case (2, "sites", _): return .sites
    case (2, "periods", _): return .periods
    case (2, "events", _): return .events
    case (3, "plans", _): return .plan(name)
    case (4, "applications", "pause"): return .pause(application: name, resume: false)
    case (4, "applications", "resume"): return .pause(application: name, resume: true)
    case (4, "plans", "approve"): return .decide(plan: name, approve: true)
    case (4, "plans", "reject"): return .decide(plan: name, approve: false)
    case (4, "hosts", "drain"): return .drain(host: name, undo: false)
    case (4, "hosts", "undrain"): return .drain(host: name, undo: true)
    default: return nil
    }
  }

  /// Whether it changes anything.
  var isAction: Bool {
    switch self {
    case .pause, .decide, .drain: true
    case .health, .statistics, .applications, .plans, .plan, .hosts, .sites, .periods, .events: false
    }
  }

  /// What is sent as it comes has no length beforehand, with which HEAD could be answered.
  private var methods: [String] {
    switch self {
    case .pause, .decide, .drain: ["POST"]
    case .statistics, .events: ["GET"]
    case .health, .applications, .plans, .plan, .hosts, .sites, .periods: ["GET", "HEAD"]
    }
  }
}
