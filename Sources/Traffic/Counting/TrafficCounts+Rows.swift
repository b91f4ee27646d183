public import Model

extension TrafficCounts {
  /// One direction of a pair.
  public struct Row: Hashable, Sendable {
    public let source: IPAddress
    public let destination: IPAddress
    public let counts: PairCounts
    /// How often the destination stood still until something of the source's had crossed.
    public let waits: Double

    init(source: IPAddress, destination: IPAddress, counts: PairCounts, opposite: PairCounts) {
      self.source = source
      self.destination = destination
      self.counts = counts
      waits = counts.waits(opposite: opposite)
    }
  }

  /// Rows, sorted by source, then destination; each is made when it is asked for.
  public struct Rows: RandomAccessCollection, Sendable {
    private let store: CountStore
    private let places: ArraySlice<UInt32>
    private let isTotal: Bool

    init(_ store: CountStore, _ places: ArraySlice<UInt32>, isTotal: Bool) {
      self.store = store
      self.places = places
      self.isTotal = isTotal
    }

    public var startIndex: Int { places.startIndex }
    public var endIndex: Int { places.endIndex }
    public subscript(index: Int) -> Row { store.row(at: places[index], isTotal: isTotal) }
  }
}

extension TrafficCounts.Rows: Equatable {
  public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }
}
