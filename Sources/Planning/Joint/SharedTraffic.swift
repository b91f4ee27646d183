import Model

/// The traffic of several applications, told apart. A matrix names a VM by its name, where only one application has it,
/// by an address, or as `application/vm`.
struct SharedTraffic {
  private struct Machine: Hashable {
    var application: Int
    /// Nil: a fixed endpoint, which is in its application's document.
    var vm: Int?
    var name: String
  }

  private let applications: [Application]
  private let matrix: TrafficMatrix
  private var machines: [Endpoint: [Machine]] = [:]

  init(_ matrix: TrafficMatrix, _ applications: [Application], ignoreUnknown: Bool) throws(PlacementError) {
    (self.matrix, self.applications) = (matrix, applications)
    for (index, application) in applications.enumerated() {
      for (number, vm) in application.vms.enumerated() {
        let machine = Machine(application: index, vm: number, name: vm.name)
        for endpoint in Endpoint.all(named: vm.name, addresses: vm.addresses) + [
          .name("\(application.name)/\(vm.name)")
        ] {
          machines[endpoint, default: []].append(machine)
        }
      }
      for endpoint in application.endpoints {
        let machine = Machine(application: index, vm: nil, name: endpoint.name)
        for name in Endpoint.all(named: endpoint.name, addresses: endpoint.addresses) {
          machines[name, default: []].append(machine)
        }
      }
    }
    var unknown = Set<Endpoint>()
    for endpoint in matrix.rows.lazy.flatMap({ [$0.source, $0.destination] }) {
      let all = machines[endpoint] ?? []
      if all.isEmpty { unknown.insert(endpoint) }
      // A file server may be known to several applications; a VM is one's.
      let vms = all.filter { $0.vm != nil }
      if let first = vms.first, let second = vms.first(where: { $0.application != first.application }) {
        throw .duplicateAddress(
          endpoint, first: "\(applications[first.application].name)/\(first.name)",
          second: "\(applications[second.application].name)/\(second.name)")
      }
    }
    guard ignoreUnknown || unknown.isEmpty else { throw .unknownEndpoints(unknown.sorted()) }
  }

  /// One application's rows, by its own names, and as fixed endpoints the VMs of others that it talks to, where they
  /// are: what talks to one that is nowhere yet is left out.
  func part(of index: Int, sites: (_ application: Int, _ vm: String) -> String?) -> (TrafficMatrix, [FixedEndpoint]) {
    var endpoints: [String: FixedEndpoint] = [:]
    func name(_ endpoint: Endpoint) -> (name: Endpoint, isOwn: Bool)? {
      let all = machines[endpoint] ?? []
      if let own = all.first(where: { $0.application == index }) { return (.name(own.name), own.vm != nil) }
      guard let other = all.first(where: { $0.vm != nil }), let site = sites(other.application, other.name) else {
        return nil
      }
      let name = "\(applications[other.application].name)/\(other.name)"
      endpoints[name] = FixedEndpoint(name: name, site: site)
      return (.name(name), false)
    }
    let rows = matrix.rows.compactMap { row -> TrafficMatrix.Row? in
      guard let source = name(row.source), let destination = name(row.destination), source.isOwn || destination.isOwn
      else { return nil }
      var row = row
      (row.source, row.destination) = (source.name, destination.name)
      return row
    }
    let used = Set(rows.flatMap { [$0.source, $0.destination] })
    return (
      TrafficMatrix(rows: rows, hasWaits: matrix.hasWaits, windowSeconds: matrix.windowSeconds),
      endpoints.values.filter { used.contains(.name($0.name)) }.sorted { $0.name < $1.name }
    )
  }
}
