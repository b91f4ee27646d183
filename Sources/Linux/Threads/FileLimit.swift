internal import Glibc

/// How many files and connections this process may have open.
package enum FileLimit {
  /// Shells give 1024 to begin with, and would give more to whoever asks: as much as is allowed, and is of use.
  package static func raise(to most: UInt = 1 << 20) {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    // Both are of this frame.
    guard unsafe getrlimit(resource, &limit) == 0 else { return }
    let wanted = min(UInt(limit.rlim_max), most)
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = rlim_t(wanted)
    _ = unsafe setrlimit(resource, &limit)
  }
}
