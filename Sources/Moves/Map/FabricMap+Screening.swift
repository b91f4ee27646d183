/// A guard for what comes from other agents. It stands before `merge`, whose laws need no exception then.
extension FabricMap {
  /// How far an epoch may be ahead of the one known, of a VM not known ahead of 0.
  ///
  /// A VM that moves every ten seconds, day and night, needs four months for so many. A peer that lies can raise
  /// an epoch by no more than this a message, so it would need 2⁴⁴ messages to come to the last epoch, after which a VM
  /// couldn't be moved any more; until then the true owner outbids it by one.
  public static let greatestLeap: UInt64 = 1 << 20

  /// Parts what a peer has sent into what may be merged, and what is refused for its implausible epoch (0, which none
  /// has, or too far ahead); a refused entry is to be logged with the peer's name.
  public func screen(_ received: some Sequence<FabricEntry>) -> (plausible: FabricMap, refused: [FabricEntry]) {
    var plausible = FabricMap()
    var refused: [FabricEntry] = []
    for entry in received {
      let known = self[entry.vm]?.epoch ?? 0
      // Subtraction, as the sum could overflow.
      if entry.epoch > 0, entry.epoch <= known || entry.epoch - known <= Self.greatestLeap {
        plausible.merge(entry)
      } else {
        refused.append(entry)
      }
    }
    return (plausible, refused)
  }
}
