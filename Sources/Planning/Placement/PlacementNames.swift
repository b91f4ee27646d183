import Model

/// Names and addresses of a federation and an application, resolved to indexes.
struct PlacementNames {
  let vmCount: Int
  let siteCount: Int
  private let application: Application
  private let vms: [String: Int]
  private let hosts: [String: Int]
  private let sites: [String: Int]
  let endpointSites: [Int]
  /// VMs by index, then fixed endpoints from `vmCount` on.
  private var machines: [Endpoint: Int] = [:]

  init(_ federation: Federation, _ application: Application) throws(PlacementError) {
    guard !application.vms.isEmpty else { throw .noVMs }
    self.application = application
    vmCount = application.vms.count
    siteCount = federation.sites.count
    sites = try Self.index(federation.sites.map(\.name))
    hosts = try Self.index(federation.sites.flatMap(\.hosts).map(\.name))
    let names = application.vms.map(\.name) + application.endpoints.map(\.name)
    let addresses = application.vms.map(\.addresses) + application.endpoints.map(\.addresses)
    vms = try Self.index(names).filter { $0.value < application.vms.count }
    var endpointSites: [Int] = []
    for endpoint in application.endpoints {
      guard let site = sites[endpoint.site] else {
        throw .unknownSite(endpoint.site, context: "endpoint ‘\(endpoint.name)’")
      }
      endpointSites.append(site)
    }
    self.endpointSites = endpointSites
    for (machine, name) in names.enumerated() {
      for endpoint in Endpoint.all(named: name, addresses: addresses[machine]) {
        if let other = machines.updateValue(machine, forKey: endpoint), other != machine {
          throw .duplicateAddress(endpoint, first: names[other], second: name)
        }
      }
    }
  }

  private static func index(_ names: [String]) throws(PlacementError) -> [String: Int] {
    var indexes: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      guard indexes.updateValue(index, forKey: name) == nil else { throw .duplicateName(name) }
    }
    return indexes
  }

  func machine(_ endpoint: Endpoint) -> Int? { machines[endpoint] }

  func vmName(_ vm: Int) -> String { application.vms[vm].name }

  func vm(_ name: String, context: @autoclosure () -> String) throws(PlacementError) -> Int {
    guard let vm = vms[name] else { throw .unknownVM(name, context: context()) }
    return vm
  }

  func site(_ name: String, context: @autoclosure () -> String) throws(PlacementError) -> Int {
    guard let site = sites[name] else { throw .unknownSite(name, context: context()) }
    return site
  }

  /// The host of each VM now; nil for a first placement.
  func present(for task: PlacementInstance.Task) throws(PlacementError) -> [Int]? {
    switch task {
    case .move:
      let homeless = application.vms.filter { $0.host == nil }
      guard homeless.isEmpty else { throw .notPlaced(homeless.map(\.name)) }
      var present: [Int] = []
      for vm in application.vms {
        guard let name = vm.host, let host = hosts[name] else { throw .unknownHost(vm.host ?? "", vm: vm.name) }
        present.append(host)
      }
      return present
    case .place:
      let placed = application.vms.filter { $0.host != nil }
      guard placed.isEmpty else { throw .alreadyPlaced(placed.map(\.name)) }
      return nil
    }
  }
}
