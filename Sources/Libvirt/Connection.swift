import CLibvirt

/// A connection to a libvirtd. Every call blocks for as long as the daemon takes: call from a thread that may wait, or
/// by `DedicatedThread.run`. A connection that was lost stays so; open another.
@safe
package final class Connection: Sendable {
  package let uri: String
  /// Safe to share: libvirt's handles may be used by any number of threads.
  nonisolated(unsafe) let pointer: OpaquePointer
  let hub: EventHub

  /// Seconds between keepalive messages, and how many may go unanswered: a silent daemon is given up after 30 s.
  static let keepaliveSeconds: Int32 = 5
  static let keepaliveCount: UInt32 = 5

  /// Opens `uri`, e.g. `qemu:///system`, `qemu+tcp://b1/system`, `qemu+unix:///system?socket=PATH`.
  package init(uri: String) throws(LibvirtError) {
    try Library.ensureStarted()
    guard let pointer = unsafe virConnectOpen(uri) else { throw .last("opening \(uri)") }
    self.uri = uri
    unsafe self.pointer = pointer
    self.hub = EventHub()
    // From here on a throw runs deinit, which closes the connection and takes back what was registered.
    // An old daemon has no keepalive (1), a driver inside this process (`test:///default`) no use for it.
    if unsafe virConnectSetKeepAlive(pointer, Self.keepaliveSeconds, Self.keepaliveCount) < 0 {
      let error = LibvirtError.last("keepalive of \(uri)")
      guard error.code == .noSupport else { throw error }
    }
    try registerCallbacks()
  }

  deinit {
    unregisterCallbacks()
    unsafe virConnectClose(pointer)
  }

  /// Whether the connection still works, as far as is known: false once it was closed or keepalive gave up.
  package var isAlive: Bool { unsafe virConnectIsAlive(pointer) == 1 }
}
