import CLibvirt

// Each registration holds the hub by one reference, which libvirt gives back through `releaseHub`.

private let onLifecycle: virConnectDomainEventCallback = { _, domain, event, detail, opaque in
  let now = ContinuousClock.now
  if let identity = unsafe DomainIdentity(pointer: domain) {
    unsafe hub(opaque)?.publish(.lifecycle(identity, Lifecycle(event: event, detail: detail)), at: now)
  }
  return 0
}

private let onIteration: virConnectDomainEventMigrationIterationCallback = { _, domain, iteration, opaque in
  let now = ContinuousClock.now
  guard let identity = unsafe DomainIdentity(pointer: domain) else { return }
  unsafe hub(opaque)?.publish(.migrationIteration(identity, Int(iteration)), at: now)
}

private let onJobCompleted: virConnectDomainEventJobCompletedCallback = { _, domain, parameters, count, opaque in
  let now = ContinuousClock.now
  guard let identity = unsafe DomainIdentity(pointer: domain) else { return }
  let statistics = unsafe JobStatistics(kind: .completed, parameters: parameters, count: count)
  unsafe hub(opaque)?.publish(.jobCompleted(identity, statistics), at: now)
}

private let onClose: virConnectCloseFunc = { _, reason, opaque in
  let now = ContinuousClock.now
  unsafe hub(opaque)?.publish(.connectionClosed(HypervisorEvent.CloseReason(rawValue: reason) ?? .error), at: now)
}

private let releaseHub: virFreeCallback = { opaque in
  guard let opaque = unsafe opaque else { return }
  unsafe Unmanaged<EventHub>.fromOpaque(opaque).release()
}

private func hub(_ opaque: UnsafeMutableRawPointer?) -> EventHub? {
  unsafe opaque.map { unsafe Unmanaged<EventHub>.fromOpaque($0).takeUnretainedValue() }
}

extension Connection {
  /// Registers for the events of all domains and for the end of the connection.
  func registerCallbacks() throws(LibvirtError) {
    try unsafe session.call { (pointer) throws(LibvirtError) in
      try unsafe register("lifecycle events") { unsafe transhumance_on_lifecycle(pointer, onLifecycle, $0, releaseHub) }
      try unsafe register("migration iterations") {
        unsafe transhumance_on_migration_iteration(pointer, onIteration, $0, releaseHub)
      }
      try unsafe register("job events") {
        unsafe transhumance_on_job_completed(pointer, onJobCompleted, $0, releaseHub)
      }
      let reference = unsafe Unmanaged.passRetained(hub)
      guard unsafe virConnectRegisterCloseCallback(pointer, onClose, reference.toOpaque(), releaseHub) < 0 else {
        return
      }
      unsafe reference.release()
      let error = LibvirtError.last("registering for the end of \(uri)")
      // A driver inside this process has no connection that could end.
      guard error.code == .noSupport else { throw error }
    }
  }

  private func register(
    _ what: String, _ call: (UnsafeMutableRawPointer) -> Int32
  ) throws(LibvirtError) {
    let reference = unsafe Unmanaged.passRetained(hub)
    let callback = unsafe call(reference.toOpaque())
    guard callback >= 0 else {
      unsafe reference.release()
      throw .last("registering for \(what) of \(uri)")
    }
    hub.keep(callback: callback)
  }
}

extension EventHub {
  /// Takes the registrations back; a callback that runs meanwhile still has the hub.
  func unregister(from session: Session) {
    try? unsafe session.call { (pointer) throws(LibvirtError) in
      for callback in takeCallbacks() { unsafe _ = virConnectDomainEventDeregisterAny(pointer, callback) }
      unsafe _ = virConnectUnregisterCloseCallback(pointer, onClose)
    }
  }
}

extension DomainIdentity {
  /// Reads name and UUID of a libvirt handle: both are kept in it, so no call is made to the daemon.
  init?(pointer: OpaquePointer?) {
    guard let pointer = unsafe pointer, let name = unsafe virDomainGetName(pointer) else { return nil }
    let uuid = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(VIR_UUID_STRING_BUFLEN)) { buffer in
      guard let start = buffer.baseAddress, unsafe virDomainGetUUIDString(pointer, start) == 0 else { return "" }
      return unsafe String(cString: start)
    }
    unsafe self.init(name: String(cString: name), uuid: uuid)
  }
}
