import CLibvirt

/// How a domain is to be moved: live, without shared storage demands, driven by the source's libvirtd (peer to peer).
package struct MigrationOptions: Hashable, Sendable {
  /// Mebibytes per second; nil: as fast as it goes.
  package var bandwidthMiBps: UInt64?
  /// Where QEMU sends memory, e.g. `tcp://10.99.2.1`; nil: `migration_host` of the destination's qemu.conf.
  package var migrateURI: String?
  /// Has QEMU send memory by TLS to the host of that name, which the destination's certificate must have; nil: in clear.
  /// What libvirtds say to one another is encrypted where the destination's URI says so (`qemu+tls`).
  package var tlsDestination: String?
  /// The domain's description at the destination, where it differs (see `Domain.Description.migratable`).
  package var destinationXML: String?
  /// Stored at the destination, forgotten at the source: the domain is persistent at one host only.
  package var persistDestination = true
  package var undefineSource = true
  /// The guest stays paused at the destination until it is resumed there.
  package var paused = false
  package var abortOnError = true
  /// Slows the guest down if its memory changes faster than it can be sent.
  package var autoConverge = false

  package init() {}

  var flags: UInt32 {
    var flags = VIR_MIGRATE_LIVE.rawValue | VIR_MIGRATE_PEER2PEER.rawValue
    if tlsDestination != nil { flags |= VIR_MIGRATE_TLS.rawValue }
    if persistDestination { flags |= VIR_MIGRATE_PERSIST_DEST.rawValue }
    if undefineSource { flags |= VIR_MIGRATE_UNDEFINE_SOURCE.rawValue }
    if paused { flags |= VIR_MIGRATE_PAUSED.rawValue }
    if abortOnError { flags |= VIR_MIGRATE_ABORT_ON_ERROR.rawValue }
    if autoConverge { flags |= VIR_MIGRATE_AUTO_CONVERGE.rawValue }
    return UInt32(flags)
  }
}

/// libvirt's growing list of typed parameters, freed with the value.
@safe
struct TypedParameters: ~Copyable {
  private(set) var pointer: virTypedParameterPtr?
  private(set) var count: Int32 = 0
  private var capacity: Int32 = 0

  mutating func add(_ name: String, _ value: String) throws(LibvirtError) {
    try check(unsafe virTypedParamsAddString(&pointer, &count, &capacity, name, value), "setting \(name)")
  }

  mutating func add(_ name: String, _ value: UInt64) throws(LibvirtError) {
    try check(unsafe virTypedParamsAddULLong(&pointer, &count, &capacity, name, value), "setting \(name)")
  }

  deinit { unsafe virTypedParamsFree(pointer, count) }
}
