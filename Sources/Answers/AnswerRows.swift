package import Wire

/// Rows of a message of an answer. Those whose columns aren't all there are left out.
package struct AnswerRows: Sequence, Sendable {
  /// What the numbers of rows stand for.
  package let endpoints: [String]
  private let message: Transhumance_V1_MatrixRows
  private let count: Int

  /// One direction of a pair.
  package struct Row: Sendable {
    /// Numbers of endpoints.
    package var source: Int
    package var destination: Int
    package var packets: Double
    package var frameBytes: Double
    package var ipBytes: Double
    package var waits: Double
    /// nil: not known.
    package var sentPackets: Double?
    package var bySender: Bool
  }

  package init(_ message: Transhumance_V1_MatrixRows) {
    self.message = message
    endpoints = message.endpoints
    count =
      [
        message.source.count, message.destination.count, message.packets.count, message.frameBytes.count,
        message.ipBytes.count, message.waits.count, message.sentPackets.count, message.bySender.count,
      ].min() ?? 0
  }

  package func makeIterator() -> Iterator { Iterator(message, count: count) }

  package struct Iterator: IteratorProtocol {
    private let endpoints: Int
    private let sources: [UInt32]
    private let destinations: [UInt32]
    private let packets: [Double]
    private let frameBytes: [Double]
    private let ipBytes: [Double]
    private let waits: [Double]
    private let sentPackets: [Double]
    private let bySender: [Bool]
    private var rest: Range<Int>

    init(_ message: Transhumance_V1_MatrixRows, count: Int) {
      endpoints = message.endpoints.count
      (sources, destinations, packets) = (message.source, message.destination, message.packets)
      (frameBytes, ipBytes, waits) = (message.frameBytes, message.ipBytes, message.waits)
      (sentPackets, bySender) = (message.sentPackets, message.bySender)
      rest = 0..<count
    }

    package mutating func next() -> Row? {
      while let index = rest.popFirst() {
        let (source, destination) = (Int(sources[index]), Int(destinations[index]))
        guard source < endpoints, destination < endpoints else { continue }
        return Row(
          source: source, destination: destination, packets: packets[index], frameBytes: frameBytes[index],
          ipBytes: ipBytes[index], waits: waits[index], sentPackets: sentPackets[index] < 0 ? nil : sentPackets[index],
          bySender: bySender[index])
      }
      return nil
    }
  }
}
