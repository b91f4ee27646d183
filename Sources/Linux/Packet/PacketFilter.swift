internal import CLinux

/// A program of the classic packet filter (Documentation/networking/filter.rst of the kernel) that takes the frames of some
/// interfaces, and of each no more than its first bytes.
package struct PacketFilter: Hashable, Sendable {
  /// One instruction, as `struct sock_filter`.
  package struct Instruction: Hashable, Sendable {
    package var code: UInt16
    package var ifTrue: UInt8 = 0
    package var ifFalse: UInt8 = 0
    package var operand: UInt32
  }

  package private(set) var instructions: [Instruction]

  /// Interfaces that one program can tell apart: the kernel takes 4096 instructions.
  package static let capacity = 1300

  /// - Parameters:
  ///   - interfaces: their indices; none: every frame is refused. Those beyond the capacity are left out.
  ///   - bytes: of a frame that are kept, from its first.
  package init(interfaces: some Sequence<UInt32>, bytes: UInt32) {
    let sorted = Array(Set(interfaces).sorted().prefix(Self.capacity))
    guard !sorted.isEmpty else {
      instructions = [Self.answer(0)]
      return
    }
    // The ancillary load of the index (SKF_AD_IFINDEX) is at an offset that no frame has.
    instructions = [Instruction(code: 0x20, operand: UInt32(bitPattern: -0x1000 + 8))]
    instructions += Self.search(sorted[...], bytes)
  }

  /// Finds the index in the accumulator among the sorted ones, by halves.
  private static func search(_ interfaces: ArraySlice<UInt32>, _ bytes: UInt32) -> [Instruction] {
    if interfaces.count <= 4 {
      var code: [Instruction] = []
      for (place, interface) in interfaces.enumerated() {
        // If equal: over the tests that follow and the refusal.
        let rest = UInt8(interfaces.count - 1 - place)
        code.append(Instruction(code: 0x15, ifTrue: rest + 1, operand: interface))
      }
      return code + [answer(0), answer(bytes)]
    }
    let middle = interfaces.startIndex + interfaces.count / 2
    let lower = search(interfaces[..<middle], bytes)
    // If greater or equal: the jump, which reaches further than a test can.
    return [
      Instruction(code: 0x35, ifFalse: 1, operand: interfaces[middle]),
      Instruction(code: 0x05, operand: UInt32(lower.count)),
    ] + lower + search(interfaces[middle...], bytes)
  }

  private static func answer(_ bytes: UInt32) -> Instruction { Instruction(code: 0x06, operand: bytes) }
}
