/// The bytes of a message or stream: told by who sends, which message it is and where in it a byte stands, so that
/// whoever receives can tell a byte that is missing, doubled, reordered or changed.
///
/// Word i (8 bytes, little-endian) is SplitMix64's output for state `seed + i·γ` (Steele, Lea, Flood, *Fast splittable
/// pseudorandom number generators*, 2014).
public struct Pattern: Sendable {
  let seed: UInt64

  /// - Parameters:
  ///   - sender: rank, or any number that both ends know
  ///   - sequence: number of the message of that sender to this receiver
  public init(sender: UInt64, sequence: UInt64) {
    seed = Self.mixed(Self.mixed(sender) &+ sequence)
  }

  /// Makes the buffer what stands at `offset` in the message.
  public func fill(_ buffer: inout [UInt8], from offset: UInt64 = 0) {
    var words = Words(of: self, at: offset)
    var span = buffer.mutableSpan
    // Integers have no padding: their bytes may be read and written as such.
    var bytes = unsafe span.mutableBytes
    var index = 0
    while index + 8 <= bytes.byteCount {
      bytes.storeBytes(of: words.next().littleEndian, toByteOffset: index, as: UInt64.self)
      index += 8
    }
    var rest = words.next()
    while index < bytes.byteCount {
      bytes.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: index, as: UInt8.self)
      rest >>= 8
      index += 1
    }
  }

  /// Whether the first `count` bytes are what stands at `offset` in the message.
  public func matches(_ buffer: [UInt8], count: Int, from offset: UInt64 = 0) -> Bool {
    guard count <= buffer.count else { return false }
    var words = Words(of: self, at: offset)
    let bytes = unsafe buffer.span.bytes
    var differences: UInt64 = 0
    var index = 0
    while index + 8 <= count {
      // In bounds by the line above; any eight bytes are a word.
      differences |=
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ words.next()
      index += 8
    }
    var rest = words.next()
    while index < count {
      differences |= UInt64(buffer[index]) ^ (rest & 0xFF)
      rest >>= 8
      index += 1
    }
    return differences == 0
  }

  static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always)
  static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value &+ step
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// The pattern eight bytes at a time, from any offset.
  struct Words {
    private var state: UInt64
    private var word: UInt64
    private let shift: UInt64

    @inline(__always)
    init(of pattern: Pattern, at offset: UInt64) {
      state = pattern.seed &+ (offset / 8) &* Pattern.step
      word = Pattern.mixed(state)
      shift = 8 * (offset % 8)
    }

    @inline(__always)
    mutating func next() -> UInt64 {
      let low = word >> shift
      state &+= Pattern.step
      word = Pattern.mixed(state)
      return low | word << (64 - shift)
    }
  }
}
