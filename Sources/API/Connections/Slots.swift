internal import Synchronization

/// Bounds what goes on at once, of all callers and of each.
final class Slots: Sendable {
  enum Refusal: Error { case caller, all }

  let total: Int
  let each: Int
  private let taken = Mutex<[String: Int]>([:])

  init(total: Int, each: Int) { (self.total, self.each) = (total, each) }

  /// Taken for as long as it is referred to.
  final class Slot: Sendable {
    private let slots: Slots
    private let caller: String

    fileprivate init(_ slots: Slots, _ caller: String) { (self.slots, self.caller) = (slots, caller) }

    deinit { slots.free(caller) }
  }

  func take(for caller: String) throws(Refusal) -> Slot {
    let refusal: Refusal? = taken.withLock { taken in
      if taken[caller, default: 0] >= each { return .caller }
      if taken.values.reduce(0, +) >= total { return .all }
      taken[caller, default: 0] += 1
      return nil
    }
    if let refusal { throw refusal }
    return Slot(self, caller)
  }

  private func free(_ caller: String) {
    taken.withLock { taken in
      let rest = (taken[caller] ?? 1) - 1
      taken[caller] = rest > 0 ? rest : nil
    }
  }
}
