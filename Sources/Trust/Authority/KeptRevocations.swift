internal import Synchronization

/// What a host was told of revoked certificates, kept on its disk: a file as the authority's own, to which lines may be
/// added by hand. Nothing is ever taken out of it.
package final class KeptRevocations: Sendable {
  private let file: WatchedFile<Revocations>
  private let writing = Mutex(())

  /// - Parameter folder: that is there.
  package init(folder: String) {
    file = Revocations.watching(folder + "/revoked")
  }

  package var current: Revocations { file.current }

  /// What is wrong with the file; nil: nothing.
  package var problem: String? { file.problem }

  /// Adds what is new, on the disk when this returns.
  ///
  /// - Returns: what was new.
  /// - Throws: `file`.
  @discardableResult
  package func add(_ serials: some Sequence<SerialNumber>) throws(TrustError) -> [SerialNumber] {
    let serials = Array(serials)
    return try writing.withLock { (_) throws(TrustError) in
      let known = current
      let new = serials.filter { !known.contains($0) }
      guard !new.isEmpty else { return [] }
      let text = known.union(Revocations(serials: new)).text
      try PrivateFile.replace(file.path, Array(text.utf8), PrivateFile.readable)
      // So that it counts even if the file goes before it is asked for.
      _ = current
      return new
    }
  }
}

extension Revocations {
  /// As a file that `parse` reads, in the order of serial numbers.
  fileprivate var text: String {
    let lines = entries.map { serial, entry in
      if let at = entry.at { return Self.line(serial, at: at, reason: entry.reason) }
      return entry.reason.isEmpty ? "\(serial)" : "\(serial) \(entry.reason)"
    }
    return lines.sorted().map { $0 + "\n" }.joined()
  }
}
