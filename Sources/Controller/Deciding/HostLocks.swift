/// At most one move out of a host at a time, whatever plans they are of.
actor HostLocks {
  private var held: Set<String> = []
  private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

  /// Runs the body while nobody else does for that host.
  func withLock<Result: Sendable>(
    _ host: String, _ body: @Sendable () async throws -> Result
  ) async rethrows -> Result {
    await take(host)
    do {
      let result = try await body()
      release(host)
      return result
    } catch {
      release(host)
      throw error
    }
  }

  private func take(_ host: String) async {
    if held.insert(host).inserted { return }
    await withCheckedContinuation { waiting[host, default: []].append($0) }
  }

  /// The next in turn has it, without it having been free.
  private func release(_ host: String) {
    if let next = waiting[host]?.first {
      waiting[host]?.removeFirst()
      next.resume()
    } else {
      held.remove(host)
      waiting[host] = nil
    }
  }
}
