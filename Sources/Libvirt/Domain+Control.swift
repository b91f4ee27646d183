import CLibvirt

extension Domain {
  /// Starts a defined domain.
  package func create(paused: Bool = false) throws(LibvirtError) {
    try check(unsafe virDomainCreateWithFlags(pointer, Connection.createFlags(paused: paused)), "starting \(name)")
  }

  package func suspend() throws(LibvirtError) {
    try check(unsafe virDomainSuspend(pointer), "suspending \(name)")
  }

  package func resume() throws(LibvirtError) {
    try check(unsafe virDomainResume(pointer), "resuming \(name)")
  }

  /// Asks the guest to shut down; returns at once.
  package func shutdown() throws(LibvirtError) {
    try check(unsafe virDomainShutdown(pointer), "shutting down \(name)")
  }

  /// Ends the domain at once; its memory is lost.
  package func destroy() throws(LibvirtError) {
    try check(unsafe virDomainDestroy(pointer), "destroying \(name)")
  }

  /// Forgets the stored description; what runs, runs on.
  package func undefine() throws(LibvirtError) {
    let flags = VIR_DOMAIN_UNDEFINE_MANAGED_SAVE.rawValue | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA.rawValue
    try check(unsafe virDomainUndefineFlags(pointer, UInt32(flags)), "undefining \(name)")
  }
}
