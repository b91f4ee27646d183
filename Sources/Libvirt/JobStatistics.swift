import CLibvirt

/// How far a migration is, or how it went (`virDomainGetJobStats`). What the hypervisor hasn't said is zero.
package struct JobStatistics: Hashable, Sendable {
  package enum Kind: Int32, Sendable {
    case none = 0
    /// Under way, with an end that can be told.
    case bounded = 1
    case unbounded = 2
    case completed = 3
    case failed = 4
    case cancelled = 5
  }

  package var kind: Kind
  /// Milliseconds since the job began; of a completed one, its length.
  package var elapsedMilliseconds: UInt64 = 0
  package var remainingMilliseconds: UInt64 = 0
  /// The expected downtime while the migration runs, the one that was when it has ended. QEMU's own reckoning.
  package var downtimeMilliseconds: UInt64 = 0
  package var setupMilliseconds: UInt64 = 0
  /// Bytes of memory and disks, all together.
  package var dataTotal: UInt64 = 0
  package var dataProcessed: UInt64 = 0
  package var dataRemaining: UInt64 = 0
  package var memoryTotal: UInt64 = 0
  package var memoryProcessed: UInt64 = 0
  package var memoryRemaining: UInt64 = 0
  /// Pages that held one repeated byte, so that no content was sent.
  package var constantPages: UInt64 = 0
  package var normalPages: UInt64 = 0
  package var normalBytes: UInt64 = 0
  package var bytesPerSecond: UInt64 = 0
  package var dirtyPagesPerSecond: UInt64 = 0
  /// Zero where the hypervisor doesn't tell.
  package var pageSize: UInt64 = 0
  /// The pass over memory, from 1.
  package var iteration: UInt64 = 0
  /// Per cent of CPU time withheld from the guest by auto-converge.
  package var throttlePercent: Int32 = 0
  /// Why the job failed, where that was kept.
  package var errorMessage: String?

  package init(kind: Kind) { self.kind = kind }

  /// Bytes of memory that the guest dirties per second.
  package var dirtyBytesPerSecond: UInt64 {
    let (bytes, overflow) = dirtyPagesPerSecond.multipliedReportingOverflow(by: pageSize == 0 ? 4096 : pageSize)
    return overflow ? .max : bytes
  }

  /// Whether the numbers are those of a migration that moved something: QEMU's first answer after the end can be zero.
  package var isComplete: Bool { kind == .completed && dataProcessed > 0 }
}

extension JobStatistics {
  init(kind: Kind, parameters: virTypedParameterPtr?, count: Int32) {
    self.init(kind: kind)
    guard let parameters = unsafe parameters, count > 0 else { return }
    func number(_ name: String) -> UInt64 {
      var value: UInt64 = 0
      return unsafe virTypedParamsGetULLong(parameters, count, name, &value) == 1 ? value : 0
    }
    elapsedMilliseconds = number(VIR_DOMAIN_JOB_TIME_ELAPSED)
    remainingMilliseconds = number(VIR_DOMAIN_JOB_TIME_REMAINING)
    downtimeMilliseconds = number(VIR_DOMAIN_JOB_DOWNTIME)
    setupMilliseconds = number(VIR_DOMAIN_JOB_SETUP_TIME)
    dataTotal = number(VIR_DOMAIN_JOB_DATA_TOTAL)
    dataProcessed = number(VIR_DOMAIN_JOB_DATA_PROCESSED)
    dataRemaining = number(VIR_DOMAIN_JOB_DATA_REMAINING)
    memoryTotal = number(VIR_DOMAIN_JOB_MEMORY_TOTAL)
    memoryProcessed = number(VIR_DOMAIN_JOB_MEMORY_PROCESSED)
    memoryRemaining = number(VIR_DOMAIN_JOB_MEMORY_REMAINING)
    constantPages = number(VIR_DOMAIN_JOB_MEMORY_CONSTANT)
    normalPages = number(VIR_DOMAIN_JOB_MEMORY_NORMAL)
    normalBytes = number(VIR_DOMAIN_JOB_MEMORY_NORMAL_BYTES)
    bytesPerSecond = number(VIR_DOMAIN_JOB_MEMORY_BPS)
    dirtyPagesPerSecond = number(VIR_DOMAIN_JOB_MEMORY_DIRTY_RATE)
    pageSize = number(VIR_DOMAIN_JOB_MEMORY_PAGE_SIZE)
    iteration = number(VIR_DOMAIN_JOB_MEMORY_ITERATION)
    var throttle: Int32 = 0
    if unsafe virTypedParamsGetInt(parameters, count, VIR_DOMAIN_JOB_AUTO_CONVERGE_THROTTLE, &throttle) == 1 {
      throttlePercent = throttle
    }
    var message: UnsafePointer<CChar>?
    if unsafe virTypedParamsGetString(parameters, count, VIR_DOMAIN_JOB_ERRMSG, &message) == 1 {
      // Owned by the parameters: copied before they are freed.
      unsafe errorMessage = message.map { unsafe String(cString: $0) }
    }
  }
}
