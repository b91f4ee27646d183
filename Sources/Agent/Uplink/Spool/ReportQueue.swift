internal import SwiftProtobuf
package import Traffic
package import Wire

/// Reports on their way from the sensor to the controller.
package actor ReportQueue {
  private var spool: Spool
  private var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
  private var lastWatcher = 0

  package init(_ spool: Spool) {
    self.spool = spool
  }

  /// Keeps a report until it is acknowledged.
  package func put(_ report: SensorReport) {
    guard let message = try? report.message.serializedBytes() as [UInt8] else { return }
    spool.append(SpooledReport(incarnation: report.incarnation, sequence: report.sequence, message: message))
    tell()
  }

  /// What is to be sent next, the oldest; nil where nothing is.
  package func next() -> (ordinal: UInt64, message: Transhumance_V1_SensorReport)? {
    while let (ordinal, report) = spool.oldest() {
      guard var message = try? Transhumance_V1_SensorReport(serializedBytes: report.message) else {
        // Whole, and yet no report: of another version of this program.
        spool.acknowledge(incarnation: report.incarnation, sequence: report.sequence)
        continue
      }
      message.lostReports = spool.lost(of: report.incarnation)
      return (ordinal, message)
    }
    return nil
  }

  package func holds(_ ordinal: UInt64) -> Bool { spool.holds(ordinal) }

  /// Reports that wait.
  package var count: Int { spool.count }

  package func acknowledge(incarnation: UInt64, sequence: UInt64) {
    spool.acknowledge(incarnation: incarnation, sequence: sequence)
    tell()
  }

  /// Something now, and whenever `next` may have another answer.
  package func changes() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    lastWatcher += 1
    let number = lastWatcher
    watchers[number] = continuation
    continuation.onTermination = { [weak self] _ in
      Task { [weak self] in await self?.removeWatcher(number) }
    }
    continuation.yield()
    return stream
  }

  /// Those who wait for changes.
  package var watcherCount: Int { watchers.count }

  private func removeWatcher(_ number: Int) { watchers[number] = nil }

  private func tell() {
    for watcher in watchers.values { watcher.yield() }
  }
}
