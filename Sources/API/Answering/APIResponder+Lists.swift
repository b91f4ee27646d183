internal import Answers
internal import HTTPTypes
internal import Hummingbird
internal import SwiftProtobuf
internal import Trust
internal import Wire

/// Lists, each as `transhumance get … --format json` has it, of what the caller may see.
extension APIResponder {
  func applications(_ asked: Asked, _ caller: Caller) async throws -> Response {
    let slot = try slot(for: caller) { try $0.require(.applications) }
    _ = try asked.parameters.values()
    let overview = await controller.overview(.init())
    let seen = overview.applications.filter { caller.sees(application: $0.name) }
    return list(["applications": seen.map(ApplicationStatusDocument.init)], slot)
  }

  func plans(_ asked: Asked, _ caller: Caller) async throws -> Response {
    let slot = try slot(for: caller) { try $0.require(.applications) }
    let application = try asked.parameters.application(for: caller)
    let overview = await controller.overview(.with { $0.application = application ?? "" })
    let seen = overview.plans.filter { caller.sees(application: $0.application) }
    return list(["plans": seen.map(PlanRecordDocument.init)], slot)
  }

  func plan(_ identifier: String, _ asked: Asked, _ caller: Caller) async throws -> Response {
    let slot = try slot(for: caller) { try $0.require(.applications) }
    _ = try asked.parameters.values()
    return list(PlanRecordDocument(try await plan(identifier, for: caller)), slot)
  }

  func hosts(_ asked: Asked, _ caller: Caller) async throws -> Response {
    let slot = try slot(for: caller) { try $0.require(.sites) }
    _ = try asked.parameters.values()
    var overview = await controller.overview(.init())
    overview.hosts.removeAll { !caller.sees(site: $0.site) }
    return list(["hosts": HostStatusDocument.all(of: ListReply(overview))], slot)
  }

  func sites(_ asked: Asked, _ caller: Caller) async throws -> Response {
    let slot = try slot(for: caller) { try $0.require(.sites) }
    _ = try asked.parameters.values()
    let overview = await controller.overview(.init())
    return list(["sites": overview.sites.filter { caller.sees(site: $0.name) }.map(SiteStatusDocument.init)], slot)
  }

  func periods(_ asked: Asked, _ caller: Caller) async throws -> Response {
    let slot = try slot(for: caller) { try $0.require(.everything) }
    let last = try asked.parameters.count("last")
    let reply = await controller.periods(.with { $0.last = last })
    return list(["periods": reply.periods.map(PeriodSummaryDocument.init)], slot)
  }

  // MARK: - Parts

  /// A plan that the caller may see.
  ///
  /// - Throws: 404; 403 to whoever may not know whether there is one.
  func plan(_ identifier: String, for caller: Caller) async throws -> PlanRecord {
    let overview = await controller.overview(.with { $0.plan = identifier })
    return try Self.plan(identifier, in: overview, for: caller)
  }

  @inline(never) private static func plan(
    _ identifier: String, in overview: OverviewReply, for caller: Caller
  ) throws -> PlanRecord {
    guard let record = overview.plans.first(where: { $0.identifier == identifier }) else {
      try caller.require(.everything)
      throw APIError(.notFound, "there is no plan \"\(identifier.asWritten)\"; /v1/plans lists all")
    }
    try caller.require(.read, on: .application(record.application))
    return record
  }

  /// For as long as it is referred to.
  ///
  /// - Parameter check: comes first.
  /// - Throws: 429, 503.
  @inline(never) func slot(for caller: Caller, _ check: (Caller) throws -> Void) throws -> Slots.Slot {
    try check(caller)
    return try slots.take(for: caller)
  }

  private func list(_ document: some Encodable, _ slot: Slots.Slot) -> Response {
    .json(document, pieces: limits.piece, while: slot)
  }
}

extension Slots {
  /// - Throws: 429, 503.
  @inline(never) func take(for caller: Caller) throws -> Slot {
    do {
      return try take(for: caller.identifier)
    } catch .caller {
      throw APIError.busy(.tooManyRequests, "\(caller.name) has \(each) requests under way: wait until one has ended")
    } catch .all {
      throw APIError.busy(.serviceUnavailable, "\(total) requests are under way: try again in a moment")
    }
  }
}

extension RequestParameters {
  /// Of what is asked about an application or about all.
  @inline(never) func application(for caller: Caller) throws -> String? {
    guard let name = try values(of: "application")["application"] else { return nil }
    try caller.require(.read, on: .application(name))
    return name
  }

  /// 0: not said.
  @inline(never) func count(_ name: String) throws -> UInt32 {
    guard let text = try values(of: name)[name] else { return 0 }
    guard let count = UInt32(text), count > 0 else {
      throw APIError(.badRequest, "\(name) is \"\(text.asWritten)\": give a count from 1 on")
    }
    return count
  }
}
