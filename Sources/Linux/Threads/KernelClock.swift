internal import CLinux
internal import Glibc

/// The machine's clock, CLOCK_REALTIME, by which the kernel stamps frames.
package enum KernelClock {
  /// Nanoseconds since 1970.
  package static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// By how much it may be wrong, as whoever keeps it right has told the kernel; nil: nobody does.
  package static var errorSeconds: Double? {
    let nanoseconds = clinux_clock_error()
    return nanoseconds < 0 ? nil : Double(nanoseconds) / 1e9
  }
}
