internal import Foundation
internal import Model
internal import Storage

extension Decider {
  static let earlierRunsKey = "earlierRuns"
  /// So many are kept of an application.
  private static let mostRuns = 8
  /// A run is over when its VMs have exchanged nothing for so long, seconds.
  private static let silence = 60.0

  /// How long an application ran that is let go, where it has ended: the next run of that name may take as long.
  func noteRun(of managed: ManagedApplication) {
    let name = managed.application.name
    let length = managed.progress?.length(of: managed.application, at: now(), silence: Self.silence)
    guard let hours = length else { return }
    earlierRuns[name] = (earlierRuns[name] ?? []).suffix(Self.mostRuns - 1) + [hours]
    keepKnown(earlierRuns, forKey: Self.earlierRunsKey, "how long runs take can't be recorded", of: name)
    events.add(
      .application, "\(name) ran for \(Numeral.duration(hours * 3600)): its next run is expected to take as long",
      application: name)
  }
}
