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

/// A merged period as tables have it.
struct TrafficRow: Sendable {
  let period: Period
  let content: Data

  init(_ traffic: GlobalPeriod) {
    period = traffic.period
    content = Data(traffic.packed)
  }

  /// - Parameter place: of the store, for whoever has to mend it.
  static func traffic(
    from content: Data, of period: Period, like previous: GlobalPeriod?, in place: String
  ) throws -> GlobalPeriod {
    let traffic: GlobalPeriod
    do {
      traffic = try GlobalPeriod(packed: Array(content), like: previous)
    } catch {
      throw StoreError(
        .damaged,
        "\(place): the period from \(period.start) can't be read (\(error)); the others are left as they are.")
    }
    guard traffic.period == period else {
      throw StoreError(
        .damaged,
        "\(place): what is kept as the period from \(period.start) is that from \(traffic.period.start), of "
          + "\(traffic.period.seconds) s; the others are left as they are.")
    }
    return traffic
  }
}
