/// The line that a rank prints every second.
struct WorkStatus {
  private static let interval: UInt64 = 1_000_000_000

  let name: String
  let phase: Phase
  /// Told by the kernel anew at each boot: the same after a move means the same machine.
  private let boot = Console.firstLine(of: "/proc/sys/kernel/random/boot_id") ?? "unknown"
  var iterations = 0
  var resets = 0
  var corrupt = 0
  private var due: UInt64

  init(name: String, phase: Int) {
    self.name = name
    self.phase = Phase(number: phase)
    due = Monotonic.nanoseconds + Self.interval
  }

  var millisecondsUntilDue: Int {
    let now = Monotonic.nanoseconds
    return now >= due ? 0 : Int((due - now + 999_999) / 1_000_000)
  }

  mutating func printIfDue() {
    guard Monotonic.nanoseconds >= due else { return }
    // In another phase the line is another program's.
    if phase.isCurrent { print() } else { due = Monotonic.nanoseconds + Self.interval }
  }

  mutating func print() {
    // A connection is never opened twice; the count is there for whoever reads the console.
    let prefix = phase.number > 0 ? "\(name) phase=\(phase.number)" : name
    Console.print("\(prefix) iterations=\(iterations) resets=\(resets) reconnections=0 corrupt=\(corrupt) boot=\(boot)")
    due = Monotonic.nanoseconds + Self.interval
  }
}
