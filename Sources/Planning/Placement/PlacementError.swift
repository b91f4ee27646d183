public import Model

/// Why a federation, an application and a traffic matrix don't make a placement problem.
public enum PlacementError: Error, Hashable, Sendable {
  case noVMs
  /// The same name twice: of a site, of a host, of a VM or an endpoint.
  case duplicateName(String)
  /// One address (or name that reads as an address) of two machines.
  case duplicateAddress(Endpoint, first: String, second: String)
  /// A VM's host that the federation doesn't list.
  case unknownHost(String, vm: String)
  /// A site that the federation doesn't list; `context` says where it is named.
  case unknownSite(String, context: String)
  /// A VM named by a constraint that the application doesn't list.
  case unknownVM(String, context: String)
  /// Endpoints of the matrix that are neither a VM's nor a fixed endpoint's name or address.
  case unknownEndpoints([Endpoint])
  /// The matrix has rows, but all of endpoints that are to be ignored.
  case noTrafficOfVMs(ignored: [Endpoint])
  /// VMs without a host, where moves are planned.
  case notPlaced([String])
  /// VMs with a host, where a first placement is wanted.
  case alreadyPlaced([String])
  /// A figure that is negative, not a number, or beyond what sums and products of figures can hold.
  case outOfRange(Source, what: String, value: Double, allowed: ClosedRange<Double>)

  /// What a figure is from.
  public enum Source: Hashable, Sendable { case federation, application, traffic, window }
}

extension PlacementError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noVMs: "the application has no VMs"
    case .duplicateName(let name): "the name ‘\(name)’ is used twice: rename one"
    case .duplicateAddress(let endpoint, let first, let second):
      "\(endpoint) is both ‘\(first)’ and ‘\(second)’: take it away from one"
    case .unknownHost(let host, let vm): "VM ‘\(vm)’ is on host ‘\(host)’, which the federation doesn't list"
    case .unknownSite(let site, let context): "\(context): the federation lists no site ‘\(site)’"
    case .unknownVM(let vm, let context): "\(context): the application lists no VM ‘\(vm)’"
    case .unknownEndpoints(let endpoints):
      "the matrix has endpoints that the application doesn't list: "
        + Self.list(endpoints.map(\.description)) + "; add them to ‘endpoints’ or ignore them"
    case .noTrafficOfVMs(let endpoints):
      "no row of the matrix speaks of a VM of the application, only of what it doesn't list: "
        + Self.list(endpoints.map(\.description)) + "; give the VMs the names or ‘addresses’ that the matrix has"
    case .notPlaced(let vms): "no host is given for \(Self.list(vms)): moves can't be planned for VMs not placed yet"
    case .alreadyPlaced(let vms): "a host is given already for \(Self.list(vms)): a first placement takes VMs without"
    case .outOfRange(_, let what, let value, let allowed):
      "\(what) is \(value); allowed is \(allowed.lowerBound) to \(allowed.upperBound)"
    }
  }

  /// The first ten, and how many more.
  private static func list(_ names: [String]) -> String {
    let more = names.count > 10 ? " and \(names.count - 10) more" : ""
    return names.prefix(10).map { "‘\($0)’" }.joined(separator: ", ") + more
  }
}
