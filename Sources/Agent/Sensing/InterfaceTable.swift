/// The taps by the indices of their interfaces, which the kernel gives in order.
struct InterfaceTable: Sendable {
  private var slots: [(interface: UInt32, tap: Int32)]

  init(_ taps: [UInt32: Int] = [:]) {
    var size = 16
    while size < 4 * taps.count { size *= 2 }
    slots = Array(repeating: (0, -1), count: size)
    for (interface, tap) in taps {
      var place = Int(interface) & (size - 1)
      while slots[place].tap >= 0 { place = (place + 1) & (size - 1) }
      slots[place] = (interface, Int32(tap))
    }
  }

  @inline(__always)
  subscript(interface: UInt32) -> Int? {
    var place = Int(interface) & (slots.count - 1)
    while slots[place].tap >= 0 {
      if slots[place].interface == interface { return Int(slots[place].tap) }
      place = (place + 1) & (slots.count - 1)
    }
    return nil
  }
}
