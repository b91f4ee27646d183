/// The traffic of an application, per second, as seen from each VM: one entry per VM and peer, in compressed rows.
///
/// Peers 0 ..< n are VMs, n ... are fixed endpoints in the application's order. A pair of VMs has an entry at both.
public struct PlacementTraffic: Sendable {
  /// Entries of VM i are `offsets[i] ..< offsets[i + 1]`, by rising peer.
  public let offsets: [Int]
  public let peers: [Int]
  /// w: waits per second between the two, both rows.
  public let waits: [Double]
  /// b: IP bytes per second from this VM to the peer.
  public let bytesOut: [Double]
  /// IP bytes per second from the peer to this VM.
  public let bytesIn: [Double]

  /// Waits and bytes per second of an ordered pair.
  struct Flow {
    var waits = 0.0
    var bytesOut = 0.0
    var bytesIn = 0.0
  }

  /// Per VM, its flows by peer.
  init(flows: [[Int: Flow]]) {
    var offsets = [0]
    var peers: [Int] = []
    var waits: [Double] = []
    var bytesOut: [Double] = []
    var bytesIn: [Double] = []
    for flow in flows {
      for (peer, flow) in flow.sorted(by: { $0.key < $1.key }) {
        peers.append(peer)
        waits.append(flow.waits)
        bytesOut.append(flow.bytesOut)
        bytesIn.append(flow.bytesIn)
      }
      offsets.append(peers.count)
    }
    (self.offsets, self.peers) = (offsets, peers)
    (self.waits, self.bytesOut, self.bytesIn) = (waits, bytesOut, bytesIn)
  }

  public func entries(of vm: Int) -> Range<Int> { offsets[vm]..<offsets[vm + 1] }
}
