import ArgumentParser

/// A length of time on the command line: `30s`, `500ms`, `5m`, `1h`, `1d`, or plain seconds.
struct TimeSpan: ExpressibleByArgument, Hashable {
  /// Below zero where somebody says so: the range is for whoever takes it to tell.
  var nanoseconds: Int64

  var seconds: Double { Double(nanoseconds) / 1e9 }

  init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }
  init(microseconds: Int64) { nanoseconds = microseconds * 1000 }

  init?(argument: String) {
    let units: [(String, Double)] = [
      ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10), ("h", 3.6e12),
      ("d", 8.64e13),
    ]
    let unit = units.first { argument.hasSuffix($0.0) } ?? ("", 1e9)
    guard let number = Double(argument.dropLast(unit.0.count)), number.isFinite else { return nil }
    let product = (number * unit.1).rounded()
    guard product.magnitude >= 1 || number == 0, product.magnitude < 0x1p62 else { return nil }
    nanoseconds = Int64(product)
  }

  var defaultValueDescription: String { description }
  var description: String {
    nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000)s" : "\(nanoseconds / 1000)us"
  }
}
