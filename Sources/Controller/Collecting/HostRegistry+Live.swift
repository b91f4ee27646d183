internal import Model

extension HostRegistry {
  /// Hosts that were heard of within so many nanoseconds.
  func hosts(heardWithin nanoseconds: Int64) -> Set<String> {
    let earliest = now().advanced(byNanoseconds: -nanoseconds)
    return Set(hosts.lazy.filter { $0.heard.map { $0 >= earliest } ?? false }.map(\.name))
  }
}
