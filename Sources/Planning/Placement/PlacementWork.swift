import Model

/// How each VM spends its time in the present run: computing, waiting, idle.
struct PlacementWork {
  /// u.
  let presentWaits: [Double]
  /// κ.
  let factors: [Double]
  /// comp·g(p0).
  let compute: [Double]
  let idle: [Double]

  /// - Parameters:
  ///   - speeds: of the VMs' present hosts; nil for a first placement.
  ///   - waits: u of each VM at the present placement; nil for a first placement, whose rates are per second of a
  ///     run that never waits.
  ///   - factor: what a wait counts of what the formula says, 0 … 1.
  init(vms: [VM], speeds: [Double]?, waits: [Double]?, factor: Double) {
    guard let speeds, let waits else {
      presentWaits = vms.map { _ in 0 }
      factors = vms.map { _ in 1 }
      compute = vms.map(\.cpu)
      idle = vms.map { 1 - $0.cpu }
      return
    }
    presentWaits = waits
    factors = waits.map { factor * ($0 > 1 ? 1 / $0 : 1) }
    // κ·u is min(1, u) where all of a wait counts, so that σ(p0) = 1 without rounding.
    let shares = zip(vms, waits).map { min($0.cpu, 1 - factor * min(1, $1)) }
    idle = zip(shares, waits).map { max(0, 1 - $0 - factor * min(1, $1)) }
    compute = zip(shares, speeds).map { $0 * $1 }
  }
}
