/// A change in a domain's life with libvirt's detail (`virDomainEventType` and the enumerations beside it).
///
/// Of a migration: `.suspended(.migrated)` at the source comes at the guest's last instruction there,
/// `.resumed(.migrated)` at the destination at its first one there. A migration that fails after the stop resumes the
/// source with `.unpaused` if QEMU gave up (or was told to), with `.migrated` if libvirt did: any `resumed` at the
/// source says that it runs again. A source whose domain is undefined by the migration sends no `undefined`.
package enum Lifecycle: Hashable, Sendable {
  case defined(Defined)
  case undefined
  case started(Started)
  case suspended(Suspended)
  case resumed(Resumed)
  case stopped(Stopped)
  /// The guest shut itself down; `stopped` follows.
  case shutdown
  case suspendedByGuest
  case crashed
  /// An event that this libvirt has and this enumeration has not.
  case other(event: Int32, detail: Int32)

  package enum Defined: Int32, Sendable {
    case added, updated, renamed, fromSnapshot
    case unknown = -1
  }
  package enum Started: Int32, Sendable {
    case booted, migrated, restored, fromSnapshot, wakeup
    case unknown = -1
  }
  package enum Suspended: Int32, Sendable {
    case paused, migrated, ioError, watchdog, restored, fromSnapshot, apiError, postcopy, postcopyFailed
    case unknown = -1
  }
  package enum Resumed: Int32, Sendable {
    case unpaused, migrated, fromSnapshot, postcopy, postcopyFailed
    case unknown = -1
  }
  package enum Stopped: Int32, Sendable {
    case shutdown, destroyed, crashed, migrated, saved, failed, fromSnapshot
    case unknown = -1
  }

  init(event: Int32, detail: Int32) {
    switch event {
    case 0: self = .defined(Defined(rawValue: detail) ?? .unknown)
    case 1: self = .undefined
    case 2: self = .started(Started(rawValue: detail) ?? .unknown)
    case 3: self = .suspended(Suspended(rawValue: detail) ?? .unknown)
    case 4: self = .resumed(Resumed(rawValue: detail) ?? .unknown)
    case 5: self = .stopped(Stopped(rawValue: detail) ?? .unknown)
    case 6: self = .shutdown
    case 7: self = .suspendedByGuest
    case 8: self = .crashed
    default: self = .other(event: event, detail: detail)
    }
  }
}
