/// An open-addressing hash table from keys that are stored elsewhere to their indices there.
///
/// A slot holds 32 bits of the key's hash and the index plus one. Linear probing, at most half full.
struct IndexTable: Sendable {
  /// At most: two slots a key before growing, four after, and the half as large old table while growing.
  static let bytesPerKey = 48

  private var slots = [UInt64](repeating: 0, count: 1 << 10)
  private var count = 0

  /// The index of the key with that hash for which `isEqual` holds, or nil.
  func find(hash: UInt32, isEqual: (Int) -> Bool) -> Int? {
    search(hash, isEqual).index
  }

  /// The index of the key with that hash for which `isEqual` holds, or nil after having entered `next` for it.
  @inline(__always)
  mutating func find(hash: UInt32, orEnter next: Int, isEqual: (Int) -> Bool) -> Int? {
    let (index, position) = search(hash, isEqual)
    if let index { return index }
    slots[position] = UInt64(hash) << 32 | UInt64(next + 1)
    count += 1
    if count * 2 > slots.count { grow() }
    return nil
  }

  /// The index, or nil and the position where it would be entered.
  @inline(__always)
  private func search(_ hash: UInt32, _ isEqual: (Int) -> Bool) -> (index: Int?, position: Int) {
    let mask = slots.count - 1
    var position = Int(hash) & mask
    while true {
      let slot = slots[position]
      if slot == 0 { return (nil, position) }
      if UInt32(truncatingIfNeeded: slot >> 32) == hash {
        let index = Int(slot & 0xffff_ffff) - 1
        if isEqual(index) { return (index, position) }
      }
      position = (position + 1) & mask
    }
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count * 2)
    let mask = slots.count - 1
    for slot in old where slot != 0 {
      var position = Int(slot >> 32) & mask
      while slots[position] != 0 { position = (position + 1) & mask }
      slots[position] = slot
    }
  }
}
