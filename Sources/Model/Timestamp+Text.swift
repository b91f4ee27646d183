extension Timestamp: CustomStringConvertible {
  /// ISO 8601 in UTC, with as many fraction digits (0, 3, 6 or 9) as the instant needs: `2026-11-24T15:46:01.123456Z`.
  public var description: String {
    let (day, nanosecondOfDay) = nanoseconds.flooredQuotientAndRemainder(dividingBy: 86_400_000_000_000)
    let (second, fraction) = nanosecondOfDay.quotientAndRemainder(dividingBy: 1_000_000_000)
    let date = CivilDate(daysSince1970: day)
    var text = "\(date)T\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
    if fraction != 0 {
      let (digits, width): (Int64, Int) =
        fraction % 1_000_000 == 0
        ? (fraction / 1_000_000, 3) : fraction % 1000 == 0 ? (fraction / 1000, 6) : (fraction, 9)
      text += "." + padded(digits, to: width)
    }
    return text + "Z"
  }

  /// Reads ISO 8601 as RFC 3339 narrows it: a date, `T` or a space, a time with up to nine fraction digits, then `Z` or
  /// an offset such as `+01:00`. Nil for anything else, and for what lies outside 1678 to 2262.
  public init?(_ text: some StringProtocol) {
    var rest = Substring(text)
    guard
      let year = rest.takeNumber(digits: 4), rest.take("-"), let month = rest.takeNumber(digits: 2), rest.take("-"),
      let day = rest.takeNumber(digits: 2), rest.take("T") || rest.take("t") || rest.take(" "),
      let hour = rest.takeNumber(digits: 2), rest.take(":"), let minute = rest.takeNumber(digits: 2), rest.take(":"),
      let second = rest.takeNumber(digits: 2), let date = CivilDate(year: year, month: month, day: day),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    var fraction: Int64 = 0
    if rest.take(".") {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty, digits.count <= 9, let value = Int64(digits) else { return nil }
      fraction = (digits.count..<9).reduce(value) { product, _ in product * 10 }
      rest = rest.dropFirst(digits.count)
    }
    guard let offset = rest.takeZone(), rest.isEmpty else { return nil }
    let total = ((date.daysSince1970 * 24 + hour) * 60 + minute - offset) * 60 + second
    let (product, overflow) = total.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = product.addingReportingOverflow(fraction)
    guard !overflow, !carry else { return nil }
    nanoseconds = sum
  }
}

extension Substring {
  fileprivate mutating func take(_ character: Character) -> Bool {
    guard first == character else { return false }
    removeFirst()
    return true
  }

  fileprivate mutating func takeNumber(digits: Int) -> Int64? {
    let head = prefix(digits)
    guard head.count == digits, head.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    removeFirst(digits)
    return Int64(head)
  }

  /// Minutes east of Greenwich.
  fileprivate mutating func takeZone() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let sign: Int64
    if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
    guard let hour = takeNumber(digits: 2), take(":"), let minute = takeNumber(digits: 2), hour < 24, minute < 60
    else { return nil }
    return sign * (hour * 60 + minute)
  }
}

private func padded(_ number: Int64, to width: Int = 2) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// A date of the Gregorian calendar, and its number of days since 1970-01-01.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (`days_from_civil`, `civil_from_days`).
private struct CivilDate: CustomStringConvertible {
  var year: Int64
  var month: Int64
  var day: Int64

  init(daysSince1970: Int64) {
    let shifted = daysSince1970 + 719_468
    let (era, dayOfEra) = shifted.flooredQuotientAndRemainder(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  init?(year: Int64, month: Int64, day: Int64) {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    let lengths: [Int64] = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), (1...lengths[Int(month) - 1]).contains(day) else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }

  var daysSince1970: Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = shiftedYear.flooredQuotientAndRemainder(dividingBy: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  var description: String { "\(padded(year, to: 4))-\(padded(month))-\(padded(day))" }
}

extension Int64 {
  fileprivate func flooredQuotientAndRemainder(dividingBy divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
