internal import Model

/// The phases of machines by their addresses.
struct MachineTable: ~Copyable, Sendable {
  private struct Machine: BitwiseCopyable, Sendable {
    let address: IPAddress
    var phases = MachinePhases()
  }

  private var machines = ChunkedArray<Machine>()
  private var index = IndexTable()

  var usedBytes: Int { machines.count * (MemoryLayout<Machine>.stride + IndexTable.bytesPerKey) }

  /// The number of the machine with this address, which is entered if need be.
  mutating func number(of address: IPAddress, seed: (UInt64, UInt64)) -> UInt32 {
    let key = PairKey.of(address, address).key
    let known = index.find(hash: key.hash(seed: seed), orEnter: machines.count) { machines[$0].address == address }
    if let known { return UInt32(truncatingIfNeeded: known) }
    machines.append(Machine(address: address))
    return UInt32(truncatingIfNeeded: machines.count - 1)
  }

  subscript(number: Int) -> MachinePhases {
    @inline(__always) _read { yield machines[number].phases }
    @inline(__always) _modify { yield &machines[number].phases }
  }
}
