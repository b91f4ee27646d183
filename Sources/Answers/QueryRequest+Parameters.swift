internal import Model
package import Traffic
package import Wire

extension QueryRequest {
  /// What the controller is asked.
  package init(_ query: QueryParameters) {
    self.init()
    switch query.span {
    case .last(let count): last = UInt32(clamping: count)
    // Before 1970 there are no periods: a start below zero and no end say how long the span is.
    case .lasting(let nanoseconds): start = -nanoseconds
    case .interval(let first, let last): (start, end) = (first.nanoseconds, last?.nanoseconds ?? 0)
    }
    waitSeconds = Double(query.wait) / 1e9
    approximate = query.isApproximate
    switch query.answer {
    case .detail: answer = .detail
    case .mean: answer = .mean
    case .coefficient(let factor): (answer, coefficient) = (.weighted, factor)
    case .weights(let list): (answer, weights) = (.weighted, list)
    }
    endpoints =
      switch query.endpoints {
      case .pair: .asCounted
      case .host: .byHost
      case .site: .bySite
      case .application: .byApplication
      }
    (vms, hosts, sites) = (query.vms, query.hosts, query.sites)
    // The first where there was one alone: controllers before this one know no others.
    application = query.applications.first ?? ""
    applications = Array(query.applications.dropFirst())
  }
}
