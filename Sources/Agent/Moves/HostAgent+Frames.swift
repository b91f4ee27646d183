internal import Linux
internal import Logging
internal import Moves
internal import SwiftProtobuf
internal import Wire

/// How long a move silenced a VM on the network, told by the frames that came out of it at both ends.
///
/// Both ends go by their own clock: between machines the figure is as good as their clocks agree.
extension HostAgent {
  /// Notes frames of the VM's first interface; nil where it has none here.
  func frameClock(of vm: String) -> FrameClock? {
    guard let mac = map[vm]?.interfaces.first?.mac else { return nil }
    do {
      return try FrameClock(interface: FabricNames.tap(mac))
    } catch {
      logger.warning("frames of \(vm) can't be noted: \(error)")
      return nil
    }
  }

  /// Seconds; nil without traffic at both ends.
  func gap(of run: RunningMove) async -> Double? {
    let request = run.move.report.request
    guard let here = run.frames?.times, let peer = peers[request.to] else { return nil }
    // What the VM says first at the destination may come a little after it runs.
    for _ in 0..<10 {
      let reply = try? await peer.agent.frames(.init(request), options: PeerConnection.within(.seconds(2)))
      if let there = reply?.times, there.count > 1 { return Self.gap(between: here, and: there) }
      try? await Task.sleep(for: .milliseconds(100))
    }
    return nil
  }

  /// The longest distance between two frames in a row less the median one.
  static func gap(between source: [Int64], and destination: [Int64]) -> Double? {
    guard !source.isEmpty, !destination.isEmpty else { return nil }
    let times = (source + destination).sorted()
    let distances = zip(times.dropFirst(), times).map { $0 - $1 }
    guard let longest = distances.max() else { return nil }
    return Double(longest - distances.sorted()[distances.count / 2]) / 1e9
  }
}
