extension Endpoint {
  /// The order in which people look for names: as `<`, but digits in names count as numbers, `vm2` before `vm10`.
  package static func naturally(_ left: Endpoint, _ right: Endpoint) -> Bool {
    guard case .name(let one) = left, case .name(let other) = right else { return left < right }
    var (first, second) = (Array(one.utf8)[...], Array(other.utf8)[...])
    while let head = first.first, let otherHead = second.first {
      if isDigit(head), isDigit(otherHead) {
        let (number, otherNumber) = (takeNumber(&first), takeNumber(&second))
        // Without leading zeros the longer is the greater.
        if number.count != otherNumber.count { return number.count < otherNumber.count }
        if number != otherNumber { return number.lexicographicallyPrecedes(otherNumber) }
      } else {
        if head != otherHead { return head < otherHead }
        first.removeFirst()
        second.removeFirst()
      }
    }
    // Names that differ in leading zeros alone keep their usual order.
    return first.isEmpty == second.isEmpty ? left < right : first.isEmpty
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func takeNumber(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = text.prefix(while: isDigit)
    text = text.dropFirst(digits.count)
    return digits.drop { $0 == UInt8(ascii: "0") }
  }
}
