import Glibc

/// The kernel's monotonic clock. In a guest it stands still while the guest does.
enum Monotonic {
  static var nanoseconds: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  static func sleep(milliseconds: Double) {
    guard milliseconds > 0 else { return }
    let nanoseconds = Int(min(milliseconds, 1e9) * 1e6)
    var time = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    var left = timespec()
    while unsafe nanosleep(&time, &left) != 0 && errno == EINTR { time = left }
  }
}
