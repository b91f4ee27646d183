/// A version of QEMU. A guest moves to the same or a later one, never back: machine types are only added.
public struct QEMUVersion: Hashable, Sendable {
  public var major: Int
  public var minor: Int
  public var micro: Int

  public init(_ major: Int, _ minor: Int = 0, _ micro: Int = 0) {
    (self.major, self.minor, self.micro) = (major, minor, micro)
  }

  /// From `8.2.1`, `8.2` or `8`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { part in
      (1...4).contains(part.utf8.count) && part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil
    }
    let numbers = parts.compactMap(\.self)
    guard numbers.count == parts.count, (1...3).contains(numbers.count) else { return nil }
    self.init(numbers[0], numbers.count > 1 ? numbers[1] : 0, numbers.count > 2 ? numbers[2] : 0)
  }
}

extension QEMUVersion: Comparable {
  public static func < (left: QEMUVersion, right: QEMUVersion) -> Bool {
    (left.major, left.minor, left.micro) < (right.major, right.minor, right.micro)
  }
}

extension QEMUVersion: CustomStringConvertible {
  public var description: String { "\(major).\(minor).\(micro)" }
}
