import Testing
import Workload

@Suite struct PatternTests {
  private let expected: [UInt8] = [
    0xD5, 0x4F, 0xC2, 0x63, 0x2C, 0xCB, 0x01, 0x63, 0x8C, 0x44, 0xE2, 0xAA,
    0x4E, 0xB2, 0xE3, 0x1B, 0x88, 0xF6, 0x3F,
  ]

  /// Computed with Python from the definition: SplitMix64 of (SplitMix64(SplitMix64(3) + 7) + i·γ), little-endian.
  @Test func startsAsDefined() {
    var buffer = [UInt8](repeating: 0, count: 19)
    Pattern(sender: 3, sequence: 7).fill(&buffer)
    #expect(buffer == expected)
  }

  @Test(arguments: [0, 1, 7, 8, 9, 64, 1000])
  func isTheSameFromAnyOffset(offset: Int) {
    var whole = [UInt8](repeating: 0, count: 2000)
    let pattern = Pattern(sender: 1, sequence: 2)
    pattern.fill(&whole)
    var part = [UInt8](repeating: 0, count: 777)
    pattern.fill(&part, from: UInt64(offset))
    #expect(part == Array(whole[offset..<(offset + 777)]))
    #expect(pattern.matches(part, count: 777, from: UInt64(offset)))
    #expect(!pattern.matches(part, count: 777, from: UInt64(offset + 1)))
  }

  @Test func findsEachChangedByte() {
    let pattern = Pattern(sender: 0, sequence: 0)
    var buffer = [UInt8](repeating: 0, count: 45)
    pattern.fill(&buffer)
    for index in buffer.indices {
      var changed = buffer
      changed[index] ^= 1
      #expect(!pattern.matches(changed, count: 45))
      #expect(pattern.matches(changed, count: index))
    }
    #expect(!Pattern(sender: 0, sequence: 1).matches(buffer, count: 45))
    #expect(!Pattern(sender: 1, sequence: 0).matches(buffer, count: 45))
    #expect(!pattern.matches(buffer, count: 46))
  }
}
