package import Linux
import Model
package import Moves

/// The fabric in the kernel, in this process's network namespace: reads it, and makes it be as is wanted.
///
/// May be used from any thread. Every call asks the kernel: nothing is remembered that somebody else could have
/// changed.
package final class KernelFabric: Sendable {
  let client: NetlinkClient

  /// Throws where the kernel can't be talked to.
  package init() throws(NetlinkError) {
    client = try NetlinkClient()
  }

  /// A change that could not be made.
  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    package var change: FabricChange
    /// What the kernel said, as a sentence with what was tried.
    package var reason: String

    package var description: String { reason }
  }

  /// What has been done to make the fabric as wanted.
  package struct Outcome: Hashable, Sendable {
    /// In the order in which they were made, failed ones among them.
    package var changes: [FabricChange]
    package var failures: [Failure]
  }

  /// Makes the fabric as wanted. What a change took with it (a device that had to be made anew, its entries) is found
  /// by reading again, at most twice.
  package func reconcile(_ wanted: WantedFabric) throws(NetlinkError) -> Outcome {
    var outcome = Outcome(changes: [], failures: [])
    for _ in 0..<3 {
      let changes = wanted.difference(from: try actual())
      if changes.isEmpty { break }
      outcome.changes += changes
      outcome.failures = try apply(changes)
      if !outcome.failures.isEmpty { break }
    }
    return outcome
  }
}
