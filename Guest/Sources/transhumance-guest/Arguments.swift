import CGuest
import Workload

/// What follows the verb: values, and options of the form `--name value`.
struct Arguments {
  private(set) var values: [String] = []
  private var options: [String: String] = [:]

  init(_ words: some Sequence<String>) throws(Failure) {
    var words = words.makeIterator()
    while let word = words.next() {
      guard word.hasPrefix("--") else {
        values.append(word)
        continue
      }
      guard let value = words.next() else { throw Failure("\(word) needs a value") }
      options[String(word.dropFirst(2))] = value
    }
  }

  func text(_ name: String) throws(Failure) -> String {
    guard let value = options[name] else { throw Failure("--\(name) is missing") }
    return value
  }

  func text(_ name: String, default value: String) -> String { options[name] ?? value }

  func number(_ name: String, default value: Int? = nil, in range: ClosedRange<Int>) throws(Failure) -> Int {
    guard let text = options[name] else {
      if let value { return value }
      throw Failure("--\(name) is missing")
    }
    guard let number = Int(text), range.contains(number) else {
      throw Failure("--\(name) \(text): must be \(range.lowerBound) … \(range.upperBound)")
    }
    return number
  }

  /// A time in nanoseconds, given in units of so many with a decimal point: at most a fortnight.
  func time(_ name: String, unit: Unit, default value: Int) throws(Failure) -> UInt64 {
    guard let text = options[name] else { return UInt64(value) * UInt64(unit.nanoseconds) }
    let longest = 1_209_600_000_000_000
    guard let number = Decimal.parse(text, places: unit.rawValue), number <= longest else {
      throw Failure("--\(name) \(text): must be a number such as 20 or 0.5")
    }
    return UInt64(number)
  }

  /// By its decimal places down to the nanosecond.
  enum Unit: Int {
    case milliseconds = 6
    case seconds = 9

    var nanoseconds: Int { self == .seconds ? 1_000_000_000 : 1_000_000 }
  }

  func address(port: UInt16) throws(Failure) -> SocketAddress {
    guard let text = values.first else { throw Failure("the peer's address is missing") }
    guard let address = SocketAddress(text, port: port) else { throw Failure("\(text): no IPv4 or IPv6 address") }
    return address
  }
}
