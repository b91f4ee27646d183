internal import Foundation

/// Writes a capture as a distributed application makes it: `GenerateCapture PACKETS MACHINES FILE`.
///
/// Every pair of machines talks over one TCP connection: messages of one to twelve segments, of which every second is
/// acknowledged, mostly answered by the other side. Pairs interleave, the few busy ones most. 64-byte snap,
/// microseconds; the same arguments give the same bytes.
@main
enum GenerateCapture {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let packets = Int(arguments[1]), let machines = Int(arguments[2]), machines > 1 else {
      print("usage: GenerateCapture PACKETS MACHINES FILE")
      exit(2)
    }
    guard FileManager.default.createFile(atPath: arguments[3], contents: nil) else {
      print("cannot write \(arguments[3])")
      exit(1)
    }
    let file = try FileHandle(forWritingTo: URL(filePath: arguments[3]))
    var capture = CaptureBytes()
    var conversations = (0..<machines).flatMap { first in
      (first + 1..<machines).map { Conversation(first: UInt8(first + 1), second: UInt8($0 + 1)) }
    }
    var random = SplitMix64(state: 20)
    var microseconds: UInt64 = 1_795_535_161_000_000
    var speaking = 0
    for _ in 0..<packets {
      // Half of the packets follow one of their own pair; a pair's share falls with the square of its number.
      if random.below(2) == 0 {
        let place = Double(random.below(1 << 20)) / Double(1 << 20)
        speaking = Int(place * place * Double(conversations.count))
      }
      microseconds += random.below(64) == 0 ? 200 + random.below(400) : 1 + random.below(12)
      capture.append(conversations[speaking].next(&random), at: microseconds)
      if capture.bytes.count > 1 << 20 {
        try file.write(contentsOf: capture.bytes)
        capture.bytes.removeAll(keepingCapacity: true)
      }
    }
    try file.write(contentsOf: capture.bytes)
  }
}

/// Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix64 {
  var state: UInt64

  mutating func below(_ bound: UInt64) -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return (mixed ^ mixed >> 31) % bound
  }
}
