import Model
import Testing
import Traffic

@Suite struct PacketDecoderTests {
  @Test func emptyFrames() {
    let empty: [UInt8] = []
    #expect(PacketDecoder().decode(empty.span, wireBytes: 0, linkType: .ethernet) == .other)
    #expect(PacketDecoder().decode(empty.span, wireBytes: 0, linkType: .raw) == .malformed)
  }
}
