import CLibvirt

extension Domain {
  /// Moves the domain to the libvirtd at `uri` and returns when it runs there and is gone here.
  ///
  /// Runs in a thread of its own. Cancelling the task doesn't end the migration: `abortJob` does, until the guest has
  /// stopped. An error does not say where the guest is: libvirt lets the source run on where the destination's last
  /// answer was lost, so both ends must be asked.
  package func migrate(to uri: String, options: MigrationOptions) async throws(LibvirtError) {
    try await DedicatedThread.run { () throws(LibvirtError) in try self.migrateBlocking(to: uri, options: options) }
  }

  /// `migrate`, in the calling thread.
  package func migrateBlocking(to uri: String, options: MigrationOptions) throws(LibvirtError) {
    var parameters = TypedParameters()
    if let bandwidth = options.bandwidthMiBps { try parameters.add(VIR_MIGRATE_PARAM_BANDWIDTH, bandwidth) }
    if let migrateURI = options.migrateURI { try parameters.add(VIR_MIGRATE_PARAM_URI, migrateURI) }
    if let host = options.tlsDestination { try parameters.add(VIR_MIGRATE_PARAM_TLS_DESTINATION, host) }
    if let xml = options.destinationXML { try parameters.add(VIR_MIGRATE_PARAM_DEST_XML, xml) }
    try unsafe apart { (domain) throws(LibvirtError) in
      _ = try check(
        unsafe virDomainMigrateToURI3(
          domain, uri, parameters.pointer, UInt32(clamping: parameters.count), options.flags),
        "migrating \(name) to \(uri)")
    }
  }

  /// How far the running job is; kind `.none` without one. Between the guest's stop at the source and the migration's
  /// end QEMU doesn't answer (seconds on a slow link), and this call waits for it: never ask in a thread that has
  /// something to do at that moment.
  package func jobStatistics() throws(LibvirtError) -> JobStatistics {
    try jobStatistics(flags: 0)
  }

  /// How the last job went, read without being forgotten; kind `.none` if there was none or it isn't kept any more.
  /// At the source of a migration they go with the domain; the destination has them.
  package func completedJobStatistics() throws(LibvirtError) -> JobStatistics {
    let flags = VIR_DOMAIN_JOB_STATS_COMPLETED.rawValue | VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED.rawValue
    return try jobStatistics(flags: UInt32(flags))
  }

  /// Ends the running job; the guest stays where it is.
  package func abortJob() throws(LibvirtError) {
    try unsafe apart { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainAbortJob(domain), "aborting the job of \(name)")
    }
  }

  /// The longest the guest may be stopped at the end of a migration; holds for the running or the next one.
  package func setMaximumDowntime(milliseconds: UInt64) throws(LibvirtError) {
    try unsafe apart { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainMigrateSetMaxDowntime(domain, milliseconds, 0), "limiting the downtime of \(name)")
    }
  }

  /// Limits the running migration, and later ones without a limit of their own.
  package func setMaximumSpeed(mebibytesPerSecond: UInt) throws(LibvirtError) {
    try unsafe apart { (domain) throws(LibvirtError) in
      _ = try check(unsafe virDomainMigrateSetMaxSpeed(domain, mebibytesPerSecond, 0), "limiting the speed of \(name)")
    }
  }

  private func jobStatistics(flags: UInt32) throws(LibvirtError) -> JobStatistics {
    try unsafe apart { (domain) throws(LibvirtError) in
      var kind: Int32 = 0
      var parameters: virTypedParameterPtr?
      var count: Int32 = 0
      try check(unsafe virDomainGetJobStats(domain, &kind, &parameters, &count, flags), "reading the job of \(name)")
      defer { unsafe virTypedParamsFree(parameters, count) }
      return unsafe JobStatistics(kind: .init(rawValue: kind) ?? .none, parameters: parameters, count: count)
    }
  }
}
