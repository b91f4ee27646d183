internal import FoundationEssentials
internal import Model
internal import SwiftProtobuf
internal import Traffic
internal import Wire

/// A report as tables have it: packed, as it came over the network.
struct ReportRow: Sendable {
  let host: String
  // The bits of unsigned numbers, since databases have signed ones only.
  let incarnation: Int64
  let sequence: Int64
  let period: Period
  let content: Data

  init(_ report: SensorReport) throws {
    host = report.host
    incarnation = Int64(bitPattern: report.incarnation)
    sequence = Int64(bitPattern: report.sequence)
    period = report.period
    content = try report.message.serializedBytes()
  }

  /// - Parameter place: of the store, for whoever has to mend it.
  static func report(from content: Data, in place: String) throws -> SensorReport {
    do {
      return try SensorReport(Transhumance_V1_SensorReport(serializedBytes: content))
    } catch {
      throw StoreError(.damaged, "\(place): a report in it can't be read (\(error)); the others are left as they are.")
    }
  }
}

extension PeriodClosing {
  /// The hosts as tables have them.
  var packedHosts: Data {
    get throws { try JSONEncoder().encode(expectedHosts) }
  }

  init(period: Period, packedHosts: Data, in place: String) throws {
    guard let names = try? JSONDecoder().decode([String].self, from: packedHosts) else {
      throw StoreError(.damaged, "\(place): the hosts of the period from \(period.start) can't be read.")
    }
    self.init(period: period, expectedHosts: names)
  }
}
