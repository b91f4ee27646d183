import CLibvirt

extension Domain {
  /// Starts a defined domain.
  package func create(paused: Bool = false) throws(LibvirtError) {
    try unsafe apart { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainCreateWithFlags(domain, Connection.createFlags(paused: paused)), "starting \(name)")
    }
  }

  package func suspend() throws(LibvirtError) {
    try unsafe apart { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainSuspend(domain), "suspending \(name)")
    }
  }

  package func resume() throws(LibvirtError) {
    try unsafe apart { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainResume(domain), "resuming \(name)")
    }
  }

  /// Asks the guest to shut down; returns at once.
  package func shutdown() throws(LibvirtError) {
    try unsafe apart { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainShutdown(domain), "shutting down \(name)")
    }
  }

  /// Ends the domain at once; its memory is lost.
  package func destroy() throws(LibvirtError) {
    try unsafe apart { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainDestroy(domain), "destroying \(name)")
    }
  }

  /// Forgets the stored description; what runs, runs on.
  package func undefine() throws(LibvirtError) {
    let flags = VIR_DOMAIN_UNDEFINE_MANAGED_SAVE.rawValue | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA.rawValue
    try unsafe apart { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainUndefineFlags(domain, UInt32(flags)), "undefining \(name)")
    }
  }

  /// Leaves nothing of the domain on its host, whether it runs or is only stored.
  package func remove() throws(LibvirtError) {
    if try state().isActive { try destroy() }
    if try isPersistent() { try undefine() }
  }
}
