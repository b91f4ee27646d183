internal import SwiftProtobuf

/// How much there is in a report that isn't decoded yet. Numbers are those of `SensorReport` and `TrafficRows`.
struct ReportSizes {
  private var vms = 0
  private var endpoints = 0
  /// Of each column of received and of sent rows, by its number; what isn't known is passed over.
  private var columns = Array(repeating: Array(repeating: 0, count: Self.columnNumbers.upperBound + 1), count: 2)
  /// All fields but the lists.
  private var others: [UInt8] = []

  /// Of `TrafficRows`.
  private static let columnNumbers = 1...12

  /// A message may come in parts.
  mutating func add(_ report: ArraySlice<UInt8>) throws(WireError) {
    var fields = WireFields(report)
    while let field = try fields.next() {
      switch field.number {
      case 8: vms += 1
      case 9: endpoints += 1
      case 10, 11:
        if let content = field.content { try add(rows: content, to: Int(field.number) - 10) }
      default: others += field.whole
      }
    }
  }

  private mutating func add(rows: ArraySlice<UInt8>, to end: Int) throws(WireError) {
    var fields = WireFields(rows)
    while let field = try fields.next() {
      guard let number = Int(exactly: field.number), Self.columnNumbers.contains(number) else { continue }
      columns[end][number] += field.content.map(Self.count) ?? 1
    }
  }

  /// Numbers of a column, or bytes where even those are few enough.
  private static func count(_ column: ArraySlice<UInt8>) -> Int {
    column.count <= WireLimits.mostRows ? column.count : column.count { $0 < 0x80 }
  }

  /// What is refused where it is checked; nil: it is to be read and checked.
  var refusable: Transhumance_V1_SensorReport? {
    get throws {
      let rows = columns.joined().max() ?? 0
      guard vms > WireLimits.mostVMs || endpoints > WireLimits.mostEndpoints || rows > WireLimits.mostRows else {
        return nil
      }
      var report = try Transhumance_V1_SensorReport(serializedBytes: others)
      report.received.source = Array(repeating: 0, count: min(rows, WireLimits.mostRows + 1))
      report.vms = Array(repeating: .init(), count: min(vms, WireLimits.mostVMs + 1))
      report.endpoints = Array(repeating: "", count: min(endpoints, WireLimits.mostEndpoints + 1))
      return report
    }
  }
}
