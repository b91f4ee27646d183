import CLibvirt
import Glibc

/// libvirt as a whole: initialised once, its messages kept off standard error, its event loop in one thread.
enum Library {
  /// Starts the library at its first use; the error, if that failed.
  static let startError: LibvirtError? = start()

  /// Must have returned before a connection is opened: libvirt gives events and keepalive only to connections that
  /// were opened with an event loop in place.
  static func ensureStarted() throws(LibvirtError) {
    if let startError { throw startError }
  }

  private static func start() -> LibvirtError? {
    guard virInitialize() >= 0 else { return .last("initialising libvirt") }
    // Errors are values here; the default handler prints them.
    unsafe virSetErrorFunc(nil) { _, _ in }
    guard virEventRegisterDefaultImpl() >= 0 else { return .last("registering libvirt's event loop") }
    return DedicatedThread.start {
      raisePriority()
      // Runs for as long as the process: one iteration waits without limit, and is woken by what is registered.
      while true {
        if virEventRunDefaultImpl() < 0 { usleep(10_000) }
      }
    }
  }

  /// Lets the event thread run before others where the process may ask for that: what waits for it is a stopped guest.
  /// It sleeps but for the moments of an event.
  private static func raisePriority() {
    var parameters = sched_param(sched_priority: 1)
    _ = unsafe pthread_setschedparam(pthread_self(), SCHED_RR, &parameters)
  }
}
