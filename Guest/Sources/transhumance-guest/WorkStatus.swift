/// The line that a rank prints every second.
struct WorkStatus {
  private static let interval: UInt64 = 1_000_000_000

  let name: String
  /// Told by the kernel anew at each boot: the same after a move means the same machine.
  private let boot = Console.firstLine(of: "/proc/sys/kernel/random/boot_id") ?? "unknown"
  var iterations = 0
  var resets = 0
  var corrupt = 0
  private var due: UInt64

  init(name: String) {
    self.name = name
    due = Monotonic.nanoseconds + Self.interval
  }

  var millisecondsUntilDue: Int {
    let now = Monotonic.nanoseconds
    return now >= due ? 0 : Int((due - now + 999_999) / 1_000_000)
  }

  mutating func printIfDue() {
    guard Monotonic.nanoseconds >= due else { return }
    print()
  }

  mutating func print() {
    // A connection is never opened twice; the count is there for whoever reads the console.
    Console.print("\(name) iterations=\(iterations) resets=\(resets) reconnections=0 corrupt=\(corrupt) boot=\(boot)")
    due = Monotonic.nanoseconds + Self.interval
  }
}
