internal import Logging
package import Moves

/// The kernel's side of the fabric.
package protocol FabricKernel: Sendable {
  /// Reads all objects of ours in this network namespace.
  func actual() throws -> ActualFabric
  /// Does the changes in order. What fails doesn't keep the others from being done.
  /// - Returns: those that failed.
  func apply(_ changes: [FabricChange]) throws -> [KernelFabric.Failure]
  /// Yields whenever something about the fabric changes, whoever did it.
  func events() throws -> AsyncStream<Void>
}

extension KernelFabric: FabricKernel {}

/// Keeps the kernel as it is wanted. Between two readings it goes by what it has done itself, so that a flip costs only
/// what it changes.
final class FabricProgram {
  private let kernel: any FabricKernel
  private let logger: Logger
  private var known: ActualFabric?
  /// How many objects were found other than this agent had left them.
  private(set) var corrections: UInt64 = 0
  /// What kept the kernel from being programmed the last time; nil: nothing.
  private(set) var trouble: String?

  init(kernel: any FabricKernel, logger: Logger) {
    self.kernel = kernel
    self.logger = logger
  }

  func program(_ wanted: WantedFabric) {
    guard let known else { return reconcile(wanted) }
    apply(wanted.difference(from: known))
  }

  /// What the kernel has now; nil, and told, where it can't be read.
  func read() -> ActualFabric? {
    do {
      return try kernel.actual()
    } catch {
      trouble = "\(error)"
      logger.error("the fabric can't be read: \(error)")
      return nil
    }
  }

  /// Reads what the kernel has; what somebody else changed is mended and told.
  func reconcile(_ wanted: WantedFabric) {
    guard let actual = read() else { return }
    let changes = wanted.difference(from: actual)
    let isFirst = known == nil
    known = actual
    trouble = nil
    guard !changes.isEmpty else { return }
    if !isFirst {
      corrections += UInt64(changes.count)
      for change in changes.prefix(20) { logger.warning("the fabric was changed by others; mending: \(change)") }
    }
    apply(changes)
  }

  private func apply(_ changes: [FabricChange]) {
    guard !changes.isEmpty else { return }
    do {
      let failures = try kernel.apply(changes)
      for change in changes { known?.apply(change) }
      trouble = failures.first?.reason
      if !failures.isEmpty {
        known = nil
        for failure in failures { logger.error("the fabric can't be programmed: \(failure)") }
      }
    } catch {
      known = nil
      trouble = "\(error)"
      logger.error("the fabric can't be programmed: \(error)")
    }
  }
}
