internal import Answers
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import SwiftProtobuf
internal import Trust
internal import Wire

/// What callers of the role operate have done, in the name of their token.
extension APIResponder {
  func pause(
    _ application: String, _ resume: Bool, _ asked: Asked, _ caller: Caller, _ body: RequestBody
  ) async throws -> Response {
    try Self.require(.application(application), asked, caller)
    let words = try Words(await body.collect(upTo: limits.bodyBytes), of: resume ? [] : ["reason"])
    _ = try await status(of: application)
    try await controller.pause(
      .with {
        $0.application = application
        $0.resume = resume
        $0.reason = words.reason ?? ""
        $0.by = caller.name
      })
    return .json(ApplicationStatusDocument(try await status(of: application)))
  }

  func decide(
    _ identifier: String, _ approve: Bool, _ asked: Asked, _ caller: Caller, _ body: RequestBody
  ) async throws -> Response {
    try Self.requireRole(asked, caller)
    _ = try Words(await body.collect(upTo: limits.bodyBytes), of: [])
    let plan = try await plan(identifier, for: caller)
    try Self.require(.application(plan.application), asked, caller)
    let record = try await controller.decide(
      .with {
        $0.plan = identifier
        $0.approve = approve
        $0.by = caller.name
      })
    return .json(PlanRecordDocument(record))
  }

  func drain(
    _ host: String, _ undo: Bool, _ asked: Asked, _ caller: Caller, _ body: RequestBody
  ) async throws -> Response {
    try Self.requireRole(asked, caller)
    let words = try Words(await body.collect(upTo: limits.bodyBytes), of: undo ? [] : ["dryRun"])
    try Self.requireHost(host, in: await controller.overview(.init()), asked, caller)
    let reply = try await controller.drain(
      .with {
        $0.host = host
        $0.undo = undo
        $0.dryRun = words.dryRun ?? false
        $0.by = caller.name
      })
    return .json(DrainDocument(reply, of: host, isDrained: !undo, isDry: words.dryRun ?? false))
  }

  // MARK: - Parts

  private func status(of application: String) async throws -> ApplicationStatus {
    let overview = await controller.overview(.with { $0.application = application })
    guard let status = overview.applications.first(where: { $0.name == application }) else {
      throw APIError(.notFound, "there is no application \"\(application.asWritten)\"; /v1/applications lists all")
    }
    return status
  }

  @inline(never) private static func require(_ subject: APIGrant.Subject, _ asked: Asked, _ caller: Caller) throws {
    _ = try asked.parameters.values()
    try caller.require(.operate, on: subject)
  }

  /// Before anything is looked up.
  @inline(never) private static func requireRole(_ asked: Asked, _ caller: Caller) throws {
    _ = try asked.parameters.values()
    try caller.requireOperator()
  }

  @inline(never) private static func requireHost(
    _ name: String, in overview: OverviewReply, _ asked: Asked, _ caller: Caller
  ) throws {
    let host = overview.hosts.first { $0.name == name }
    try caller.require(.operate, on: host.map { .hosts(ofSite: $0.site) } ?? .everything)
    guard host != nil else {
      throw APIError(.notFound, "there is no host \"\(name.asWritten)\"; /v1/hosts lists all")
    }
  }
}

/// The body of an action: an object in JSON, or nothing.
private struct Words: Decodable {
  var reason: String?
  var dryRun: Bool?

  /// - Throws: 400 for anything but the keys that are meant, lest a word that is misspelt counts for nothing.
  @inline(never) init(_ body: ByteBuffer, of keys: Set<String>) throws {
    self.init()
    guard body.readableBytes > 0 else { return }
    do {
      let data = Data(body.readableBytesView)
      for key in try JSONDecoder().decode(Keys.self, from: data).names where !keys.contains(key) {
        throw APIError(
          .badRequest,
          "the body has \"\(key.asWritten)\": "
            + (keys.isEmpty ? "it is to be empty" : "there is \(keys.sorted().joined(separator: ", "))"))
      }
      self = try JSONDecoder().decode(Self.self, from: data)
    } catch is DecodingError {
      throw APIError(
        .badRequest,
        keys.isEmpty
          ? "the body is to be empty"
          : "the body is to be an object in JSON with \(keys.sorted().joined(separator: ", ")), or empty")
    }
  }

  private init() {}

  /// Of the object, whatever they are.
  private struct Keys: Decodable {
    var names: [String]

    private struct Name: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }

      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Swift.Decoder) throws {
      names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue).sorted()
    }
  }
}

/// What becomes of a host's VMs as it is drained.
private struct DrainDocument: Encodable {
  struct Plan: Encodable {
    struct Move: Encodable {
      var vm: String
      var from: String
      var to: String
    }

    var application: String
    /// Of the application: automatic, or what its moves wait for.
    var mode: String
    var reason: String
    var moves: [Move]
  }

  var host: String
  /// Nil where it was only tried.
  var drained: Bool?
  var dryRun: Bool
  var plans: [Plan]
  /// What keeps VMs there.
  var problems: [String]

  init(_ reply: Transhumance_V1_DrainReply, of host: String, isDrained: Bool, isDry: Bool) {
    (self.host, drained, dryRun, problems) = (host, isDry ? nil : isDrained, isDry, reply.problems)
    plans = reply.plans.map { plan in
      Plan(
        application: plan.application, mode: plan.state, reason: plan.reason,
        moves: plan.steps.map { Plan.Move(vm: $0.vm, from: $0.from, to: $0.to) })
    }
  }
}
