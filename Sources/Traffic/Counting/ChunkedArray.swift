/// An array that grows by chunks: elements never move, so that growing costs no copy and, for a moment, no second
/// allocation.
struct ChunkedArray<Element: Sendable>: Sendable {
  private static var shift: Int { 10 }
  private static var mask: Int { (1 << shift) - 1 }

  private var chunks: [[Element]] = []
  private(set) var count = 0

  mutating func append(_ element: Element) {
    if count & Self.mask == 0 {
      var chunk: [Element] = []
      chunk.reserveCapacity(1 << Self.shift)
      chunks.append(chunk)
    }
    chunks[count >> Self.shift].append(element)
    count += 1
  }

  subscript(index: Int) -> Element {
    @inline(__always) get { chunks[index >> Self.shift][index & Self.mask] }
    @inline(__always) _modify { yield &chunks[index >> Self.shift][index & Self.mask] }
  }
}
