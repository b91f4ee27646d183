internal import FoundationEssentials
internal import Model
internal import Synchronization
package import Traffic

/// What a store knows of the reports that it saves.
struct SavingState {
  struct Key: Hashable {
    let host: String
    let incarnation: Int64
    let sequence: Int64

    init(_ row: ReportRow) {
      host = row.host
      incarnation = row.incarnation
      sequence = row.sequence
    }
  }
  /// Tokens of reports of which nobody knows whether they were kept: when such a one comes again it is new to its
  /// caller, though it is there. As many as were on their way when a server went.
  var unsettled: [Key: Int64] = [:]

  mutating func token(for row: ReportRow) -> Int64 {
    unsettled.removeValue(forKey: Key(row)) ?? Int64.random(in: .min ... .max)
  }
}

extension PostgresStore {
  @discardableResult
  package func save(_ report: SensorReport) async throws -> Bool {
    try await core.groups.save(try ReportRow(report)) { [core] in try await core.commit($0) }
  }
}

extension PostgresCore {
  /// - Returns: whether each is new.
  fileprivate func commit(_ rows: [ReportRow]) async throws(StoreError) -> [Bool] {
    let (tokens, isAnyUnsettled) = saving.withLock { saving in
      let isAny = rows.contains { saving.unsettled[SavingState.Key($0)] != nil }
      return (rows.map { saving.token(for: $0) }, isAny)
    }
    let values = values(of: rows, tokens)
    let new: Set<Int64>
    do throws(StoreError) {
      new = try await writer.perform(until: deadline) { [writerNumber] attempt throws(PostgresFailure) in
        var found = try attempt.run(Self.insertion, values + [.integer(writerNumber)])
        // A statement of its own: what was committed meanwhile is invisible to the one that couldn't insert it.
        if attempt.isRepeated || isAnyUnsettled {
          found += try attempt.run(Self.ownRows, values.prefix(3) + [values[5]])
        }
        var tokens: Set<Int64> = []
        for row in found { tokens.insert(try row.integer(0)) }
        return tokens
      }
    } catch {
      // Also where this attempt surely wasn't: an earlier call's may have been.
      if error.mayBeKept || isAnyUnsettled {
        saving.withLock { saving in
          for (row, token) in zip(rows, tokens) { saving.unsettled[SavingState.Key(row)] = token }
        }
      }
      throw error
    }
    let areNew = tokens.map { new.contains($0) }
    hub.tell(rows, areNew: areNew)
    return areNew
  }

  /// In the order of the key, so that two controllers with the same reports don't wait for each other.
  private func values(of rows: [ReportRow], _ tokens: [Int64]) -> [PostgresValue] {
    let order = rows.indices.sorted { left, right in
      (rows[left].host, rows[left].incarnation, rows[left].sequence)
        < (rows[right].host, rows[right].incarnation, rows[right].sequence)
    }
    return [
      .texts(order.map { rows[$0].host }), .integers(order.map { rows[$0].incarnation }),
      .integers(order.map { rows[$0].sequence }), .integers(order.map { rows[$0].period.start.nanoseconds }),
      .integers(order.map { rows[$0].period.length }), .integers(order.map { tokens[$0] }),
      .byteStrings(order.map { rows[$0].content }),
    ]
  }

  private static let insertion: PostgresSQL = """
    WITH new AS (
      INSERT INTO transhumance.report (host, incarnation, sequence, start, length, token, content)
      SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT DO NOTHING RETURNING start, length, token
    ), told AS (
      INSERT INTO transhumance.arrival (start, length, writer, transaction)
      SELECT DISTINCT start, length, $8, pg_current_xact_id() FROM new
      ON CONFLICT (start, length, writer) DO UPDATE SET transaction = excluded.transaction
    )
    SELECT token FROM new
    """

  private static let ownRows: PostgresSQL = """
    SELECT token FROM transhumance.report JOIN unnest($1, $2, $3, $4) AS own (host, incarnation, sequence, token)
    USING (host, incarnation, sequence, token)
    """
}
