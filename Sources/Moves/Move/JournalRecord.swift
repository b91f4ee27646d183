public import Model

/// One line of a host's journal: what an agent that died must know of its moves. Encoded as JSON, an object a line.
public struct JournalRecord: Codable, Hashable, Sendable {
  /// Whose record it is.
  public enum Role: String, Codable, Hashable, Sendable {
    case source
    case destination
  }

  public var role: Role
  public var request: MoveRequest
  /// Reached, or (of `reserved` and `copying`) about to be.
  public var step: MoveStep
  /// The epoch of the flip, sent or to be sent; at the destination, the epoch as of the reservation.
  public var epoch: UInt64
  public var result: MoveResult?
  public var reason: String
  /// Nothing is left to do.
  public var isClosed: Bool
  /// Nanoseconds since 1970 UTC.
  public var at: Int64

  public init(
    role: Role, request: MoveRequest, step: MoveStep, epoch: UInt64, result: MoveResult? = nil, reason: String = "",
    isClosed: Bool = false, at time: Timestamp
  ) {
    self.role = role
    self.request = request
    self.step = step
    self.epoch = epoch
    self.result = result
    self.reason = reason
    self.isClosed = isClosed
    at = time.nanoseconds
  }

  public var time: Timestamp { Timestamp(nanoseconds: at) }

  /// The records of moves that aren't closed, oldest first and each move's together: what a journal has to keep, and
  /// what `Move` and `IncomingMove` are recovered from.
  public static func open(_ records: some Sequence<JournalRecord>) -> [[JournalRecord]] {
    var order: [Key] = []
    var moves: [Key: [JournalRecord]] = [:]
    for record in records {
      let key = Key(identifier: record.request.identifier, role: record.role)
      if moves[key] == nil { order.append(key) }
      moves[key, default: []].append(record)
    }
    return order.compactMap { moves[$0] }.filter { !$0.contains(where: \.isClosed) }
  }

  /// The epoch by which the source was, or was to be, named again, as records of one move of a source have it: higher
  /// than the flip's, which is written down when the copying begins.
  static func epochOfReturn(_ records: [JournalRecord]) -> UInt64? {
    guard let flip = records.first(where: { $0.step == .copying })?.epoch else { return nil }
    return records.map(\.epoch).filter { $0 > flip }.max()
  }

  private struct Key: Hashable {
    var identifier: String
    var role: Role
  }
}

extension FabricMap {
  /// What an agent that was restarted does with its map before it touches the kernel: a VM whose move was rolled back
  /// is here, even if nobody had heard of that yet.
  public mutating func restore(from records: some Sequence<JournalRecord>) {
    for move in JournalRecord.open(records) {
      guard let first = move.first, first.role == .source, let epoch = JournalRecord.epochOfReturn(move),
        var entry = self[first.request.vm]
      else { continue }
      (entry.host, entry.epoch) = (first.request.from, epoch)
      merge(entry)
    }
  }
}
