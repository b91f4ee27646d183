import CLinux
import Glibc
package import SystemPackage

/// Clock, waiting and priority for loops that keep time.
package enum RealTime {
  /// The kernel's monotonic clock, nanoseconds.
  @inline(__always)
  package static var now: UInt64 { clinux_monotonic() }

  /// Has the calling thread run before all ordinary ones, under SCHED_FIFO. Nil, or the reason why not.
  package static func raisePriority() -> Errno? {
    clinux_set_real_time() == 0 ? nil : Errno(rawValue: errno)
  }

  /// Waits until one of the files has something to read, or the clock shows that time; nil: without end. A signal ends
  /// it too.
  /// - Returns: the files that have something to read, or nothing more to come.
  package static func wait(for files: [Int32], until deadline: UInt64?) -> [Int32] {
    var entries = files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    // As many entries as the array has; they are written before the call returns.
    let count = unsafe entries.withUnsafeMutableBufferPointer { entries in
      unsafe clinux_poll_until(entries.baseAddress, UInt(entries.count), deadline ?? .max)
    }
    return count > 0 ? entries.lazy.filter { $0.revents != 0 }.map(\.fd) : []
  }
}
