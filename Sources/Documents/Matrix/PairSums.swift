internal import Model

/// Figures by pair of endpoints, which are numbered in the order in which they occur.
struct PairSums {
  struct Figures {
    var packets: Double
    var frameBytes: Double
    var ipBytes: Double
    var waits: Double

    init(_ packets: Double, _ frameBytes: Double, _ ipBytes: Double, _ waits: Double) {
      (self.packets, self.frameBytes, self.ipBytes, self.waits) = (packets, frameBytes, ipBytes, waits)
    }

    static func += (left: inout Figures, right: Figures) {
      left.packets += right.packets
      left.frameBytes += right.frameBytes
      left.ipBytes += right.ipBytes
      left.waits += right.waits
    }
  }

  private var indices: [String: Int] = [:]
  /// Different texts of one address are one endpoint.
  private var endpointIndices: [Endpoint: Int] = [:]
  private var endpoints: [Endpoint] = []
  /// By source << 32 | destination.
  private var sums: [UInt64: Figures] = [:]

  /// Pairs so far.
  var count: Int { sums.count }

  func index(of text: String) -> Int? { indices[text] }

  mutating func insert(_ text: String) -> Int {
    let endpoint = Endpoint(text)
    let index = endpointIndices[endpoint] ?? endpoints.count
    if index == endpoints.count {
      endpointIndices[endpoint] = index
      endpoints.append(endpoint)
    }
    indices[text] = index
    return index
  }

  mutating func add(_ figures: Figures, from source: Int, to destination: Int) {
    sums[UInt64(source) << 32 | UInt64(destination), default: Figures(0, 0, 0, 0)] += figures
  }

  func matrix(hasWaits: Bool, windowSeconds: Double?) -> TrafficMatrix {
    let order = endpoints.indices.sorted { endpoints[$0] < endpoints[$1] }
    var ranks = [UInt64](repeating: 0, count: endpoints.count)
    for (rank, index) in order.enumerated() { ranks[index] = UInt64(rank) }
    var keys: [(rank: UInt64, key: UInt64)] = []
    keys.reserveCapacity(sums.count)
    for key in sums.keys { keys.append((ranks[Int(key >> 32)] << 32 | ranks[Int(key & 0xffff_ffff)], key)) }
    keys.sort { $0.rank < $1.rank }
    let rows = keys.map { _, key in
      let sum = sums[key] ?? Figures(0, 0, 0, 0)
      return TrafficMatrix.Row(
        source: endpoints[Int(key >> 32)], destination: endpoints[Int(key & 0xffff_ffff)], packets: sum.packets,
        frameBytes: sum.frameBytes, ipBytes: sum.ipBytes, waits: sum.waits)
    }
    return TrafficMatrix(rows: rows, hasWaits: hasWaits, windowSeconds: windowSeconds)
  }
}
