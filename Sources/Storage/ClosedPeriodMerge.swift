internal import FoundationEssentials
internal import Model
internal import SwiftProtobuf
internal import Traffic
internal import Wire

/// What becomes of the reports of a closed period as versions before this one kept them: the period's traffic, with
/// those that can be read. The others are set aside as they are, in a table of their own, and told of.
struct ClosedPeriodMerge {
  struct Report {
    let host: String
    let incarnation: Int64
    let sequence: Int64
    let content: Data
  }

  let traffic: GlobalPeriod
  private(set) var damaged: [Report] = []
  private(set) var events: [StoredEvent] = []

  /// - Parameter hosts: that ought to have reported, as it was kept.
  init(_ period: Period, _ reports: [Report], hosts: Data) {
    let time = Timestamp(seconds: Date().timeIntervalSince1970)
    var merging = PeriodReports(period: period)
    var expected: Set<String> = []
    for report in reports {
      do {
        merging.take(try ReportRow.report(from: report.content, in: "the store"))
      } catch {
        damaged.append(report)
        expected.insert(report.host)
        events.append(
          StoredEvent(
            warning: "the report \(report.sequence) of \(report.host) (incarnation \(UInt64(bitPattern: report.incarnation))) "
              + "can't be read, and is set aside in the table damaged_report; the period from \(period.start) is without it",
            at: time))
      }
    }
    let known = try? JSONDecoder().decode([String].self, from: hosts)
    if known == nil {
      events.append(
        StoredEvent(
          warning: "which hosts ought to have reported of the period from \(period.start) can't be read", at: time))
    }
    traffic = merging.merged(expectedHosts: expected.union(known ?? []), isClosed: known != nil)
  }
}

extension StoredEvent {
  fileprivate init(warning text: String, at time: Timestamp) {
    var event = ControllerEvent()
    (event.time, event.kind, event.level, event.text) = (time.nanoseconds, "controller", "warning", text)
    // Of a message without required fields none is missing.
    self.init(time: time, content: (try? event.serializedData()) ?? Data())
  }
}
