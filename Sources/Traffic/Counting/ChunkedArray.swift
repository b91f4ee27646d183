/// An array that grows by chunks: elements never move, so that growing costs no copy and no second allocation.
///
/// An array of arrays does the same, with three checks more for each of the half dozen accesses per packet, a quarter
/// of all time. Here one stays: that the index is below the count.
@safe struct ChunkedArray<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  private static var shift: Int { 10 }
  private static var mask: Int { (1 << shift) - 1 }

  // SAFETY: chunk k holds elements k·1024 ..< (k + 1)·1024, of which those below `count` are initialized; nobody else
  // has the pointers, and `deinit` is the only place that frees them.
  private var chunks: [UnsafeMutablePointer<Element>] = unsafe []
  private(set) var count = 0

  deinit {
    unsafe chunks.forEach { chunk in unsafe chunk.deallocate() }
  }

  mutating func append(_ element: Element) {
    if count & Self.mask == 0 { unsafe chunks.append(.allocate(capacity: 1 << Self.shift)) }
    unsafe (chunks[count >> Self.shift] + count & Self.mask).initialize(to: element)
    count += 1
  }

  subscript(index: Int) -> Element {
    @inline(__always) _read {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      yield unsafe chunks[index >> Self.shift][index & Self.mask]
    }
    @inline(__always) _modify {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      yield unsafe &chunks[index >> Self.shift][index & Self.mask]
    }
  }
}
