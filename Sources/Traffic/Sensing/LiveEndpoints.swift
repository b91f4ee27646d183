internal import Model

/// The endpoints of a sensor's rows by number: VMs and fixed endpoints by name, a bounded number of others by address.
struct LiveEndpoints: ~Copyable, Sendable {
  private struct Entry: BitwiseCopyable, Sendable {
    /// Of an endpoint that is found by it.
    let address: IPAddress
    /// Place of its name, plus one; 0: the address is the name.
    var name: UInt32
  }

  /// What all addresses beyond the limit are summed up in; no machine has it.
  static let rest: UInt32 = 0

  private var entries = ChunkedArray<Entry>()
  private var names: [String] = []
  private var numbersOfNames: [String: UInt32] = [:]
  private var index = IndexTable()
  private(set) var addresses = 0
  private let limit: Int
  private let seed: (UInt64, UInt64)

  /// - Parameter fixed: endpoints with an address that always count for themselves, under that name.
  init(limit: Int, fixed: [IPAddress: String], seed: (UInt64, UInt64)) {
    self.limit = limit
    self.seed = seed
    _ = find(LiveCounter.rest, orEnter: true)
    entries.append(Entry(address: LiveCounter.rest, name: 0))
    for (address, name) in fixed { fix(address, name) }
  }

  private mutating func fix(_ address: IPAddress, _ name: String) {
    names.append(name)
    let entry = Entry(address: address, name: UInt32(names.count))
    if find(address, orEnter: true) == nil { entries.append(entry) }
  }

  /// The number of the endpoint with this address, which is entered if need be and there is room.
  @inline(__always)
  mutating func number(of address: IPAddress) -> UInt32 {
    if let known = find(address, orEnter: addresses < limit) { return UInt32(truncatingIfNeeded: known) }
    return enter(address)
  }

  @inline(never)
  private mutating func enter(_ address: IPAddress) -> UInt32 {
    if addresses >= limit { return Self.rest }
    addresses += 1
    entries.append(Entry(address: address, name: 0))
    return UInt32(truncatingIfNeeded: entries.count - 1)
  }

  @inline(__always)
  private mutating func find(_ address: IPAddress, orEnter isEntered: Bool) -> Int? {
    let hash = PairKey.of(address, address).key.hash(seed: seed)
    if isEntered { return index.find(hash: hash, orEnter: entries.count) { entries[$0].address == address } }
    return index.find(hash: hash) { entries[$0].address == address }
  }

  /// The number of the VM of this name.
  mutating func number(ofName name: String) -> UInt32 {
    if let known = numbersOfNames[name] { return known }
    names.append(name)
    // Entered by name alone: the address is never looked for.
    entries.append(Entry(address: LiveCounter.rest, name: UInt32(names.count)))
    let number = UInt32(entries.count - 1)
    numbersOfNames[name] = number
    return number
  }

  /// What rows call it.
  subscript(number: UInt32) -> Endpoint {
    let entry = entries[Int(number)]
    return entry.name == 0 ? .address(entry.address) : .name(names[Int(entry.name) - 1])
  }

  /// Whether it is there by its address alone, one of those that the limit is for.
  @inline(__always)
  func isAddress(_ number: UInt32) -> Bool { entries[Int(number)].name == 0 }

  /// Whether it is there by its name alone.
  private func isVM(_ number: UInt32) -> Bool {
    entries[Int(number)].name != 0 && entries[Int(number)].address == LiveCounter.rest
  }

  /// The number here of an endpoint of another table.
  mutating func number(like number: UInt32, of other: borrowing LiveEndpoints) -> UInt32 {
    other.isVM(number)
      ? self.number(ofName: other[number].description) : self.number(of: other.entries[Int(number)].address)
  }
}
