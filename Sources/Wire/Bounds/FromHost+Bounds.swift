internal import SwiftProtobuf

extension FromHost {
  /// Reads a message of a host, once it is certain that it doesn't take far more memory than it has bytes: two bytes can
  /// be a VM of a hundred.
  ///
  /// Of a report that has more than any may have, no more is read than who it is and that it has too much: it is
  /// refused as such, and its host forgets it.
  ///
  /// - Throws: where it can't be read; `WireError` where it is no report and too large.
  package init(bounded bytes: [UInt8]) throws {
    var report = ReportSizes()
    var listed = 0
    var fields = WireFields(bytes[...])
    while let field = try fields.next() {
      guard let content = field.content else { continue }
      switch Int(field.number) {
      case 1: try Self.check(content, WireLimits.largestGreeting, "a greeting")
      case 2: try report.add(content)
      case 3:
        try Self.check(content, WireLimits.largestState, "a state")
        listed += try Self.countLists(of: content)
      case 4: try Self.check(content, WireLimits.largestAnswer, "an answer")
      default: break
      }
    }
    guard listed <= 2 * WireLimits.mostVMs else { throw WireError("a state with \(listed) VMs and moves") }
    if let refusable = try report.refusable {
      self.init()
      self.report = refusable
    } else {
      try self.init(serializedBytes: bytes)
    }
  }

  private static func check(_ content: ArraySlice<UInt8>, _ bound: Int, _ name: String) throws(WireError) {
    guard content.count <= bound else { throw WireError("\(name) of \(content.count) bytes, more than \(bound)") }
  }

  /// VMs and moves of a state.
  private static func countLists(of state: ArraySlice<UInt8>) throws(WireError) -> Int {
    var fields = WireFields(state)
    var count = 0
    while let field = try fields.next() {
      if field.number == 8 || field.number == 9 { count += 1 }
    }
    return count
  }
}
