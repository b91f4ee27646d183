internal import Foundation

/// What other managers leave in a machine's files. Reading may block: `/etc/pve` is a cluster's.
package struct ManagerTraces: Sendable {
  /// Of all paths; `/` but in tests.
  private let root: String

  package init(root: String = "/") { self.root = root }

  /// Domains that are Pacemaker's resources. `HA_RSCTMP` is `/run/resource-agents` unless it was built otherwise
  /// (heartbeat/ocf-directories.in of ClusterLabs/resource-agents).
  package var pacemakerDomains: Set<String> {
    OtherManager.domains(ofPacemaker: names(in: "run/resource-agents"))
  }

  /// By name.
  package var foreignVMs: [ForeignVM] {
    let resources = FileManager.default.contents(atPath: path("etc/pve/ha/resources.cfg")) ?? Data()
    let available = OtherManager.numbers(ofProxmoxHA: String(decoding: resources, as: UTF8.self))
    return names(in: "proc").compactMap { name -> ForeignVM? in
      guard Int32(name) != nil, let bytes = FileManager.default.contents(atPath: path("proc/\(name)/cmdline")) else {
        return nil
      }
      let command = bytes.split(separator: 0, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      return ForeignVM(command: command, highlyAvailable: available)
    }.sorted { $0.name < $1.name }
  }

  private func path(_ path: String) -> String { root + (root.hasSuffix("/") ? "" : "/") + path }

  private func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []
  }
}
