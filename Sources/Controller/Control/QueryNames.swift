internal import Documents
internal import GRPCCore
package import Model
package import Storage
package import Traffic
package import Wire

/// What the names in a query stand for: sites by the federation in force, applications by their documents.
package struct QueryNames {
  private let federation: Federation
  private let applications: [StoredApplication]

  package init(federation: Federation, applications: [StoredApplication]) {
    self.federation = federation
    self.applications = applications
  }

  /// - Parameter held: what a request without a span is about; nil: nothing is held.
  /// - Throws: `RPCError` where there is no such site or application.
  package func query(_ request: QueryRequest, held: TrafficQuery.Span?) throws -> TrafficQuery {
    TrafficQuery(
      span: Self.span(request) ?? held ?? .last(1), answer: Self.answer(request), isApproximate: request.approximate,
      endpoints: try endpoints(of: request.allApplications),
      places: try places(request), grouping: try grouping(request.endpoints))
  }

  /// Nil: all that is held.
  private static func span(_ request: QueryRequest) -> TrafficQuery.Span? {
    let start = Timestamp(nanoseconds: request.start)
    if request.end != 0 { return .interval(start: start, end: Timestamp(nanoseconds: request.end)) }
    // A length instead of a time: no period is older than 1970.
    if request.start < 0 { return .lasting(Int64(clamping: request.start.magnitude)) }
    if request.start > 0 { return .since(start) }
    return request.last > 0 ? .last(Int(request.last)) : nil
  }

  private static func answer(_ request: QueryRequest) -> TrafficQuery.Answer {
    switch request.answer {
    case .detail, .UNRECOGNIZED: .detail
    case .mean: .mean
    case .weighted: request.weights.isEmpty ? .coefficient(request.coefficient) : .weights(request.weights)
    }
  }

  private func places(_ request: QueryRequest) throws -> TrafficQuery.Places? {
    guard !(request.vms.isEmpty && request.hosts.isEmpty && request.sites.isEmpty) else { return nil }
    var places = TrafficQuery.Places(endpoints: Set(request.vms.map { Endpoint($0) }), hosts: Set(request.hosts))
    // A VM whose name reads as an address is an endpoint by its name.
    places.endpoints.formUnion(request.vms.map(Endpoint.name))
    let fixed = request.sites.isEmpty ? [:] : try siteOfEndpoints()
    for name in request.sites {
      guard let site = federation.sites.first(where: { $0.name == name }) else {
        throw RPCError(
          code: .notFound,
          message: "there is no site \"\(name)\": there are \(federation.sites.map(\.name).joined(separator: ", "))")
      }
      places.hosts.formUnion(site.hosts.map(\.name))
      places.endpoints.formUnion(fixed.lazy.filter { $0.value == name }.map(\.key))
    }
    return places
  }

  private func grouping(_ endpoints: QueryRequest.Endpoints) throws -> TrafficQuery.Grouping {
    switch endpoints {
    case .asCounted, .UNRECOGNIZED: return .asCounted
    case .byHost: return .hosts
    case .bySite:
      return .sites(ofHosts: federation.sitesOfHosts, ofEndpoints: try siteOfEndpoints())
    case .byApplication:
      var names: [Endpoint: String] = [:]
      for stored in applications {
        for endpoint in try document(stored).machines { names[endpoint] = names[endpoint] ?? stored.name }
      }
      return .applications(names)
    }
  }

  /// The VMs of applications, by name and by address; nil: of no application in particular.
  private func endpoints(of names: [String]) throws -> Set<Endpoint>? {
    guard !names.isEmpty else { return nil }
    var endpoints: Set<Endpoint> = []
    for name in names {
      guard let stored = applications.first(where: { $0.name == name }) else {
        let known =
          applications.isEmpty ? "there is none" : "there are " + applications.map(\.name).joined(separator: ", ")
        throw RPCError(code: .notFound, message: "there is no application \"\(name)\": \(known)")
      }
      endpoints.formUnion(try document(stored).machines)
    }
    return endpoints
  }

  /// Of what applications say of endpoints that are no VMs; the first of two that differ.
  private func siteOfEndpoints() throws -> [Endpoint: String] {
    var sites: [Endpoint: String] = [:]
    for stored in applications {
      for fixed in try document(stored).endpoints {
        for endpoint in Endpoint.all(named: fixed.name, addresses: fixed.addresses) {
          sites[endpoint] = sites[endpoint] ?? fixed.site
        }
      }
    }
    return sites
  }

  private func document(_ stored: StoredApplication) throws -> Application {
    do {
      return try ApplicationDocument.parse(stored.document, file: stored.name).0
    } catch {
      throw RPCError(code: .internalError, message: "the application \(stored.name) can't be read: \(error)")
    }
  }
}

extension Application {
  /// What a matrix may call its VMs.
  fileprivate var machines: [Endpoint] { vms.flatMap { Endpoint.all(named: $0.name, addresses: $0.addresses) } }
}

extension QueryRequest {
  /// Of which rows are wanted; empty: of all.
  var allApplications: [String] { (application.isEmpty ? [] : [application]) + applications }
}
