import CLibvirt

/// A connection to a libvirtd. Every call blocks for as long as the daemon takes: call from a thread that may wait, or
/// by `DedicatedThread.run`. Calls that ask QEMU something, and so may take seconds, go by a connection of their own
/// (about a millisecond): they hold up neither events nor the questions that libvirtd answers itself.
/// A connection that was lost stays so; open another.
package final class Connection: Sendable {
  package let uri: String
  let session: Session
  let hub: EventHub

  /// Opens `uri`, e.g. `qemu:///system`, `qemu+tcp://b1/system`, `qemu+unix:///system?socket=PATH`.
  package init(uri: String) throws(LibvirtError) {
    self.uri = uri
    self.session = try Session(uri: uri)
    self.hub = EventHub()
    // From here on a throw runs deinit, which takes back what was registered.
    try registerCallbacks()
  }

  deinit {
    // The daemon is told, which can take long if it hangs, and the last owner may be any thread.
    let failure = DedicatedThread.start { [session, hub] in hub.unregister(from: session) }
    if failure != nil { hub.unregister(from: session) }
  }

  /// Whether the connection still works, as far as is known: false once it was closed or keepalive gave up.
  package var isAlive: Bool { unsafe virConnectIsAlive(session.pointer) == 1 }

  /// Runs calls on a connection that nobody else uses.
  func apart<Value>(_ body: (OpaquePointer) throws(LibvirtError) -> Value) throws(LibvirtError) -> Value {
    try unsafe Session(uri: uri).call(body)
  }
}
