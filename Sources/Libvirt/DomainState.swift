import CLibvirt

/// What a domain does, and why (`virDomainState` and the reasons beside it).
package enum DomainState: Hashable, Sendable {
  case none
  case running(Running)
  case blocked
  case paused(Paused)
  case shuttingDown
  case shutOff(ShutOff)
  case crashed
  case suspendedByGuest
  case other(state: Int32, reason: Int32)

  package enum Running: Int32, Sendable {
    case unknown, booted, migrated, restored, fromSnapshot, unpaused, migrationCancelled, saveCancelled, wakeup, crashed
    case postcopy, postcopyFailed
  }
  package enum Paused: Int32, Sendable {
    case unknown, user, migration, save, dump, ioError, watchdog, fromSnapshot, shuttingDown, snapshot, crashed
    case startingUp, postcopy, postcopyFailed
  }
  package enum ShutOff: Int32, Sendable {
    case unknown, shutdown, destroyed, crashed, migrated, saved, failed, fromSnapshot, daemon
  }

  init(state: Int32, reason: Int32) {
    switch state {
    case 0: self = .none
    case 1: self = .running(Running(rawValue: reason) ?? .unknown)
    case 2: self = .blocked
    case 3: self = .paused(Paused(rawValue: reason) ?? .unknown)
    case 4: self = .shuttingDown
    case 5: self = .shutOff(ShutOff(rawValue: reason) ?? .unknown)
    case 6: self = .crashed
    case 7: self = .suspendedByGuest
    default: self = .other(state: state, reason: reason)
    }
  }

  package var isRunning: Bool {
    switch self {
    case .running, .blocked: true
    default: false
    }
  }

  /// Whether there is a hypervisor process with the guest's memory.
  package var isActive: Bool {
    switch self {
    case .none, .shutOff: false
    default: true
    }
  }
}

/// A domain's size and what it used.
package struct DomainUsage: Hashable, Sendable {
  package var memoryKiB: UInt64
  package var maximumMemoryKiB: UInt64
  package var vcpus: Int
  /// Since the hypervisor's process began, of all threads of the guest.
  package var cpuNanoseconds: UInt64
}

extension Domain {
  package func state() throws(LibvirtError) -> DomainState {
    var state: Int32 = 0
    var reason: Int32 = 0
    try unsafe call { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainGetState(domain, &state, &reason, 0), "reading the state of \(name)")
    }
    return DomainState(state: state, reason: reason)
  }

  package func usage() throws(LibvirtError) -> DomainUsage {
    var info = virDomainInfo()
    try unsafe call { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainGetInfo(domain, &info), "reading the usage of \(name)")
    }
    return DomainUsage(
      memoryKiB: UInt64(info.memory), maximumMemoryKiB: UInt64(info.maxMem), vcpus: Int(info.nrVirtCpu),
      cpuNanoseconds: info.cpuTime)
  }

  /// Whether a stored description would survive the domain's end.
  package func isPersistent() throws(LibvirtError) -> Bool {
    try unsafe call { (domain) throws(LibvirtError) in
      try check(unsafe virDomainIsPersistent(domain), "asking whether \(name) is persistent") == 1
    }
  }
}
