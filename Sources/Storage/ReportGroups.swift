/// Reports on their way to the disk. Those that come while a commit is under way share the next.
actor ReportGroups {
  private struct Waiting {
    let row: ReportRow
    let continuation: CheckedContinuation<Bool, any Error>
  }
  private var waiting: [Waiting] = []
  private var isWriting = false

  /// Reports in one commit: a host that comes back with a day of them keeps others waiting no longer than that.
  private static let mostReports = 256
  /// Bytes in one commit, unless one report has more.
  private static let mostBytes = 8 << 20

  /// - Parameter commit: tells of each row, in their order, whether it is new. Called for one group at a time.
  /// - Returns: whether the row is new.
  func save(
    _ row: ReportRow, by commit: @escaping @Sendable ([ReportRow]) async throws -> [Bool]
  ) async throws -> Bool {
    try await withCheckedThrowingContinuation { continuation in
      waiting.append(Waiting(row: row, continuation: continuation))
      if !isWriting {
        isWriting = true
        Task { await writeAll(by: commit) }
      }
    }
  }

  private func writeAll(by commit: @Sendable ([ReportRow]) async throws -> [Bool]) async {
    while !waiting.isEmpty {
      let group = takeGroup()
      do {
        let areNew = try await commit(group.map(\.row))
        for (report, isNew) in zip(group, areNew) { report.continuation.resume(returning: isNew) }
      } catch {
        for report in group { report.continuation.resume(throwing: error) }
      }
    }
    isWriting = false
  }

  private func takeGroup() -> [Waiting] {
    var bytes = 0
    let fitting = waiting.prefix(Self.mostReports).prefix { report in
      bytes += report.row.content.count
      return bytes <= Self.mostBytes
    }
    let group = Array(waiting.prefix(max(1, fitting.count)))
    waiting.removeFirst(group.count)
    return group
  }
}
