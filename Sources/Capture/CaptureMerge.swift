/// Several captures in the order of their packets' time stamps: a binary heap of the files by their next packet.
///
/// Each file keeps its own order, also where its time steps back; of packets at the same time the first file's comes
/// first.
struct CaptureMerge {
  private var heap: [(time: Int64, number: Int, file: CaptureFile)] = []

  init(_ captures: [CaptureFile]) throws(CaptureError) {
    for (number, file) in captures.enumerated() where try file.advance() {
      heap.append((file.records[file.next].time, number, file))
      siftUp(heap.count - 1)
    }
  }

  /// The file whose packet comes next, and the time up to which its packets come before those of all others; nil at the
  /// end.
  var earliest: (file: CaptureFile, bound: Int64)? {
    guard let first = heap.first else { return nil }
    guard let second = [1, 2].filter({ $0 < heap.count }).min(by: isBefore) else { return (first.file, .max) }
    let next = heap[second]
    return (first.file, first.number < next.number || next.time == .min ? next.time : next.time - 1)
  }

  /// Puts the earliest file where its next packet belongs, after packets were taken from it.
  mutating func advance() throws(CaptureError) {
    guard let first = heap.first else { return }
    if try first.file.advance() {
      heap[0].time = first.file.records[first.file.next].time
    } else {
      let last = heap.removeLast()
      if heap.isEmpty { return }
      heap[0] = last
    }
    siftDown(0)
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    (heap[left].time, heap[left].number) < (heap[right].time, heap[right].number)
  }

  private mutating func siftUp(_ index: Int) {
    var index = index
    while index > 0, isBefore(index, (index - 1) / 2) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private mutating func siftDown(_ index: Int) {
    var index = index
    while let child = [2 * index + 1, 2 * index + 2].filter({ $0 < heap.count }).min(by: isBefore),
      isBefore(child, index)
    {
      heap.swapAt(child, index)
      index = child
    }
  }
}
