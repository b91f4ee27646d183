public import Model

/// Which hosts run which guests: a matrix of host pairs by direction, kept by what hosts and guests have.
struct Compatibility: Sendable {
  /// By CPU model, the models of the guests that it runs.
  private let models: [String: Set<String>]

  init(_ models: [CPUModel]) { self.models = models.guests }

  /// Why a host can't run a guest; nil: it can. What isn't said of either stands in no way.
  func obstacle(to guest: Guest, on host: Host) -> Incompatibility? {
    if let own = host.cpuModel, let needed = guest.cpuModel, own != needed, models[own]?.contains(needed) != true {
      return .cpuModel(guest: needed, host: own)
    }
    if let own = host.qemuVersion, let needed = guest.qemuVersion, own < needed {
      return .qemuVersion(guest: needed, host: own)
    }
    return nil
  }
}

/// What a VM needs of its host.
struct Guest: Hashable, Sendable {
  var cpuModel: String?
  /// Under which it was started, or came to last.
  var qemuVersion: QEMUVersion?

  /// - Parameter host: where it runs; nil: nowhere yet.
  init(_ vm: VM, on host: Host?) {
    cpuModel = vm.cpuModel ?? host?.cpuModel
    qemuVersion = host?.qemuVersion
  }
}

/// Why a host can't run a guest.
public enum Incompatibility: Hashable, Sendable {
  /// The guest's CPU has instructions that the host's may lack.
  case cpuModel(guest: String, host: String)
  /// The guest runs under a later QEMU than the host has.
  case qemuVersion(guest: QEMUVersion, host: QEMUVersion)
}

extension Incompatibility: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cpuModel(let guest, let host): "a guest of CPU model \(guest) doesn't run on \(host)"
    case .qemuVersion(let guest, let host): "a guest of QEMU \(guest) doesn't go back to \(host)"
    }
  }
}

extension PlacementInstance {
  /// Why a host can't run a VM; nil: it can.
  public func incompatibility(of vm: Int, on host: Int) -> Incompatibility? {
    compatibility.obstacle(to: guests[vm], on: hosts[host])
  }
}
