import CGuest

/// A part of a workload's life. There is a program of each phase, with connections of its own that it opens at the
/// start; it goes on while its phase is the guest's, which `serve` is told, and stands still in the others.
struct Phase {
  static let last = 99
  private static let file = "/phase"

  /// 0: always on.
  let number: Int

  /// That of the guest: the first unless told otherwise.
  private static var current: Int { Console.firstLine(of: file).flatMap { Int($0) } ?? 1 }

  var isCurrent: Bool { number == 0 || number == Self.current }

  func wait() {
    while !isCurrent { Monotonic.sleep(300_000_000) }
  }

  /// Whether the guest is in that phase now.
  static func begin(_ text: String) -> Bool {
    guard let number = Int(text), (1...last).contains(number) else { return false }
    let descriptor = unsafe guest_create(file)
    guard descriptor >= 0 else { return false }
    // One short line is written whole, and read whole.
    Console.print("\(number)", to: descriptor)
    close(descriptor)
    return true
  }
}
