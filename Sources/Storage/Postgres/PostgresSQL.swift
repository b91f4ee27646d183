/// The text of one statement. It is made of literals alone, so that no value can get into it: values are bound.
struct PostgresSQL: Sendable, ExpressibleByStringLiteral {
  let text: String

  init(stringLiteral literal: StaticString) { text = "\(literal)" }

  private init(text: String) { self.text = text }

  /// Changes that happen only if the lease is what the caller believes, in the same transaction, and only once.
  ///
  /// The lease's row stays locked until the change is committed: whoever takes the lease waits for it, and what comes
  /// after that finds another epoch. A row tells how many changes this epoch has seen, so that one that is repeated, or
  /// that a broken connection brings late, isn't done again over a newer one. One statement: a controller that is
  /// stopped in the middle of it holds no lock.
  ///
  /// - Parameter changes: each reads from `turn`, which has a row where they may happen; none sees what another has
  ///   done. Their parameters begin at `$4`; `$1` to `$3` are epoch, writer and number.
  static func led(_ changes: [PostgresSQL]) -> PostgresSQL {
    let steps = changes.enumerated().map { "step\($0) AS (\($1.text))" }
    return PostgresSQL(
      text: """
        WITH turn AS (
          UPDATE transhumance.lease SET writes = $3 WHERE epoch = $1 AND writer = $2 AND writes < $3 RETURNING 1
        ), \(steps.joined(separator: ", "))
        SELECT count(*) FROM turn
        """)
  }
}
