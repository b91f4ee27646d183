internal import Answers
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Traffic
internal import Trust
internal import Wire

/// What `transhumance query` tells, with the same parameters.
extension APIResponder {
  func statistics(_ asked: Asked, _ caller: Caller, _ body: RequestBody) async throws -> Response {
    let (query, format) = try Self.query(asked)
    let slot = try slots.take(for: caller)
    let overview = caller.isScoped ? await controller.overview(.init()) : OverviewReply()
    let request = QueryRequest(try query.confined(to: caller, by: overview))
    // Somebody who doesn't wait for the answer any more isn't waited for.
    let replies =
      query.wait == 0
      ? try await controller.query(request)
      : try await body.consumeWithCancellationOnInboundClose { _ in try await controller.query(request) }
    if let refusal = Self.refusal(in: replies) { return handedBack(RefusalDocument(refusal, of: query)) }
    let piece = limits.piece
    let content = ResponseBody { writer in
      var text = AnswerText(format, of: query)
      for reply in replies { try await writer.write(text.take(reply), pieces: piece) }
      try await writer.write(text.finish(), pieces: piece)
      try await writer.finish(nil)
      withExtendedLifetime(slot) {}
    }
    return Response(status: .ok, headers: .plain(format.mediaType), body: content)
  }

  @inline(never) private static func query(_ asked: Asked) throws -> (QueryParameters, AnswerFormat) {
    do {
      let query = try QueryParameters(asked.parameters.pairs)
      return (query, try query.format ?? AnswerFormat(accepting: asked.head.headerFields[.accept]))
    } catch let error as QueryParameterError {
      throw APIError(.badRequest, error.description)
    }
  }

  private static func refusal(in replies: some Sequence<QueryReply>) -> Transhumance_V1_QueryRefusal? {
    var replies = replies.makeIterator()
    guard case .refusal(let refusal) = replies.next()?.content else { return nil }
    return refusal
  }

  private func handedBack(_ document: RefusalDocument) -> Response {
    var headers = HTTPFields.plain("application/json")
    if let time = document.availableAt {
      headers[.retryAfter] = String(max(1, Int((time.seconds - now().seconds).rounded(.up))))
    }
    return Response(status: .conflict, headers: headers, body: .init(byteBuffer: .init(bytes: document.json)))
  }
}

extension QueryParameters {
  /// The same of what the caller may see alone.
  ///
  /// - Parameter overview: says to which application a VM belongs, and to which site a host; for callers with a scope.
  /// - Throws: 403, and 400 where it has to be said of what.
  @inline(never) func confined(to caller: Caller, by overview: OverviewReply) throws -> QueryParameters {
    guard caller.isScoped else { return self }
    for application in applications { try caller.require(.read, on: .application(application)) }
    for site in sites { try caller.require(.read, on: .site(site)) }
    for host in hosts {
      // One that isn't known is as foreign as another's.
      try caller.require(.read, on: .site(overview.hosts.first { $0.name == host }?.site ?? ""))
    }
    // Where VMs are changes: by name they belong to their applications alone.
    let own = Set(overview.applications.filter { caller.sees(application: $0.name) }.flatMap(\.vms))
    guard vms.allSatisfy(own.contains) else {
      throw APIError.forbidden("\(caller.name) may ask by vm of the VMs of its applications alone")
    }
    guard applications.isEmpty, sites.isEmpty, hosts.isEmpty, vms.isEmpty else { return self }
    var confined = self
    let (granted, sites) = (caller.grant.applications, caller.grant.sites)
    if granted.isEmpty {
      confined.sites = sites
    } else if granted.count == 1, sites.isEmpty {
      confined.applications = granted
    } else {
      let choices = granted.map { "application=\($0)" } + sites.map { "site=\($0)" }
      throw APIError(.badRequest, "say of what: \(choices.joined(separator: ", or "))")
    }
    return confined
  }
}

extension AnswerFormat {
  /// The first of the most welcome (RFC 9110 §12.5.1).
  ///
  /// - Parameter header: nil: anything.
  /// - Throws: 406.
  init(accepting header: String?) throws {
    guard let header else {
      self = .json
      return
    }
    var best: (format: AnswerFormat, weight: Double)?
    for part in header.split(separator: ",") {
      let words = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard let type = words.first, let format = Self.format(of: type) else { continue }
      let weight = words.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      if weight > best?.weight ?? 0 { best = (format, weight) }
    }
    guard let best else {
      let types = Self.allCases.map { "\($0.mediaType.prefix { $0 != ";" }) (format=\($0))" }
      throw APIError(.notAcceptable, "there are \(types.joined(separator: ", "))")
    }
    self = best.format
  }

  private static func format(of type: String) -> AnswerFormat? {
    switch type {
    case "*/*", "application/*": .json
    case "text/*": .csv
    case "text/xml": .xml
    default: allCases.first { $0.mediaType.prefix { $0 != ";" } == type }
    }
  }
}
