/// What moves have shown, and how much sooner than after a loss of their price the next ones may be made for it.
///
/// Moves that have gained twice what they cost, against the placement that they left, show that what is better lasts;
/// so does a place that was as much better and had to be left. The worst case stays that of `ActionRules`, four times
/// what whoever knew all has paid, since what he has paid at least is known, by the work functions a and b of where the
/// application is and where it would be instead: the least that whoever ends there has paid. They differ by the price
/// of moving at most. `left` is twice what their sum has risen by since the application began, less what that has cost
/// itself: as much less than four times the least that anybody has paid. Moves go ahead only where so much is left that
/// it stays above 0 even if they turn out wrong at once. The proof is in docs/simulation.md.
package struct Experience: Hashable, Sendable {
  /// In the unit of the objective; never below 0.
  private(set) package var left = 0.0
  /// By how much all moves have gone ahead of their losses.
  private(set) package var advanced = 0.0
  /// How much less than the price of moving b is above a, 0 … 2 prices.
  private var below = 0.0
  private var last: Moves?

  /// The last moves.
  private struct Moves: Hashable, Sendable {
    /// Hosts before, in the order of the application's VMs; nil: what is gained against them tells nothing.
    var origin: [String]?
    var price: Double
    /// Against the origin; what is lost is taken off, never below 0.
    var gain = 0.0
    var haveLasted: Bool
  }

  package init() {}

  /// Gains of so many times their price show that moves were right. Once would do where what comes next lasts as long;
  /// but where others compete for what is better, the next ones bring less.
  static let lastingGain = 2.0

  /// Where the VMs were before the last moves.
  var origin: [String]? { last?.origin }

  /// What staying is to lose yet before moves of a price are made; nil: earlier ones have shown nothing. Proven for a
  /// patience of one price and between two places; of more, it goes by the dearer moves.
  package func patience(withMovesOf price: Double) -> Double? {
    guard let last, last.haveLasted, price > 0 else { return nil }
    // Wrong, they cost as much, and twice by what b is above a: staying away and coming back add nothing to the least.
    // What is lost until then is left as well, and brings a towards b.
    let dear = max(price, last.price)
    let above = max(0, dear - below)
    let both = (dear + 2 * above - left) / 3
    return max(0, both <= above ? both : dear - left)
  }

  // MARK: - What happens

  /// Counts what staying has lost against the best placement, and gained against the one before.
  mutating func count(loss: Double, gain: Double) {
    let most = last.map { 2 * $0.price } ?? .infinity
    let risen = min(loss, max(0, most - below))
    let fallen = loss > 0 ? 0 : min(max(0, gain), below)
    below += risen - fallen
    left = max(0, left + 2 * (risen + fallen) - loss)
    guard let moves = last else { return }
    last?.gain = max(0, moves.gain + gain)
    if moves.price > 0, (last?.gain ?? 0) >= Self.lastingGain * moves.price { last?.haveLasted = true }
  }

  /// Before the first moves nobody knows what they cost: a has risen to b + P at most.
  private mutating func capBeforeFirst(_ price: Double) {
    guard last == nil else { return }
    left = max(0, left - 2 * max(0, below - 2 * price))
    below = min(below, 2 * price)
  }

  /// Moves were made, whether or not others after them have failed.
  ///
  /// - Parameter loss: by staying, before them.
  mutating func pay(_ price: Double, loss: Double) {
    left = max(0, left - price)
    advanced += max(0, price - loss)
  }

  /// Moves were made for gain.
  ///
  /// - Parameters:
  ///   - whole: price of all of them, those before a failure with them, that has been paid already.
  mutating func move(from origin: [String], price: Double, whole: Double, loss: Double) {
    capBeforeFirst(whole)
    pay(price, loss: loss)
    let price = whole
    below = min(max(0, 2 * price - below), 2 * price)
    last = Moves(origin: origin, price: price, haveLasted: false)
  }

  /// VMs had to leave a place; so had they of whoever knew all, who has paid what moving costs, too, unless they were
  /// elsewhere.
  ///
  /// - Parameter gain: by staying, all the time, against where they go.
  mutating func mend(price: Double, gain: Double) {
    capBeforeFirst(price)
    let hasLasted = price > 0 && gain >= Self.lastingGain * price
    if gain < price, last == nil { below = max(below, price) }
    left = max(0, left + 3 * price - 2 * min(below, 2 * price))
    below = 0
    last = Moves(origin: nil, price: price, haveLasted: hasLasted || last?.haveLasted ?? false)
  }

  /// VMs are elsewhere than where the last moves took them: what is gained from now on tells nothing of those.
  mutating func leave() { last?.origin = nil }

  /// Others have moved VMs: nothing is known.
  mutating func end() {
    leave()
    (left, below) = (0, 0)
  }
}
