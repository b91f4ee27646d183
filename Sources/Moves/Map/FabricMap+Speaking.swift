/// Who may say what, where hosts are known by their certificates.
extension FabricMap {
  /// Parts what a host has sent into what is for it to say, and hearsay.
  ///
  /// A host says that a VM is with it, and where one goes that it has by this map. Of its own VMs a host that has lost
  /// its state hears from others, too. Everything else that is newer than the map is hearsay: true, commonly, and to be
  /// asked of the host that it names.
  ///
  /// - Parameters:
  ///   - speaker: name of the host that has sent it.
  ///   - own: name of the host that was sent it.
  ///   - isOwn: whether a VM is surely that one's.
  public func judge(
    _ received: some Sequence<FabricEntry>, from speaker: String, at own: String, isOwn: (_ vm: String) -> Bool
  ) -> (said: [FabricEntry], hearsay: [FabricEntry]) {
    var (said, hearsay): ([FabricEntry], [FabricEntry]) = ([], [])
    for entry in received {
      let known = self[entry.vm]
      // What isn't newer changes nothing.
      if let known, !entry.supersedes(known) { continue }
      if entry.host == speaker || known?.host == speaker || entry.host == own && isOwn(entry.vm) {
        said.append(entry)
      } else {
        hearsay.append(entry)
      }
    }
    return (said, hearsay)
  }
}
