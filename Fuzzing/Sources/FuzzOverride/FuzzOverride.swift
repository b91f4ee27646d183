internal import Documents
internal import Model

private let federation = Array(
  """
  sites:
    - name: rennes
      price: {vmHour: 1}
      quota: {vcpus: 8, vms: 4}
      windows: [{until: 2026-12-01T08:00:00Z}]
      hosts: [{name: r.1, vcpus: 4}, {name: r.1.a, vcpus: 8}]
    - {name: cloud.a, hosts: [{name: c1}]}
  links:
    betweenSites: {latencyMs: 10, bandwidthMbps: 1000}
    pairs: [{between: [rennes, cloud.a], latencyMs: 5}]
  egress: {betweenSites: 0.1, pairs: [{from: rennes, to: cloud.a, perGB: 0.2}]}
  owners: [{name: alice, shares: 2}]
  cpuModels: [{name: Haswell, runs: [IvyBridge]}]
  """.utf8)
private let application = Array(
  """
  name: x
  vms: [{name: v, disks: [{GiB: 1}, {GiB: 2}]}, {name: v.1}]
  endpoints: [{name: nfs, site: rennes}]
  constraints: [{pin: v, sites: [rennes]}]
  """.utf8)

/// Overrides, one a line, as `--set` has them: documents that hold what documents hold, or words for whoever wrote
/// them; never another document than without them where none is of its kind.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  var overrides: [Override] = []
  for line in input.split(separator: 0x0a).prefix(8) {
    do throws(OverrideError) {
      overrides.append(try Override(String(decoding: line, as: UTF8.self)))
    } catch {
      precondition(!error.description.isEmpty && error.description.utf8.count < 4096)
      precondition(!error.description.contains("\n"))
    }
  }
  do throws(DocumentError) {
    let read = try FederationDocument.parse(federation, file: "f", overriding: overrides).federation
    precondition(!read.sites.isEmpty && Set(read.sites.map(\.name)).count == read.sites.count)
    precondition(read.sites.allSatisfy { site in site.hosts.allSatisfy { $0.speed > 0 && $0.vcpus.isFinite } })
    if !overrides.contains(where: { $0.kind == .federation }) {
      precondition(read == (try? FederationDocument.parse(federation, file: "f").federation))
    }
  } catch {
    check(error)
    precondition(overrides.contains { $0.kind == .federation })
  }
  do throws(DocumentError) {
    let read = try ApplicationDocument.parse(application, file: "a", overriding: overrides).application
    precondition(!read.vms.isEmpty && Set(read.vms.map(\.name)).count == read.vms.count)
    if !overrides.contains(where: { $0.kind == .application }) {
      precondition(read == (try? ApplicationDocument.parse(application, file: "a").application))
    }
  } catch {
    check(error)
    precondition(overrides.contains { $0.kind == .application })
  }
  return 0
}

private func check(_ error: DocumentError) {
  precondition(!error.diagnostics.isEmpty && error.description.utf8.count < 1 << 20)
  precondition(error.diagnostics.allSatisfy { $0.column > 0 && $0.line > 0 && !$0.message.contains("\n") })
}
