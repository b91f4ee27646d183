package import Linux
internal import Synchronization
package import Traffic

/// Counts the packets at the taps of this host's VMs, and reports each period once it is over.
///
/// Reports come in order from the sensor's own thread, within 0.3 s of the period's end; while one is taken the ring holds
/// what comes. What only others know of the VMs (processor time, size) isn't in them.
package final class Sensor: Sendable {
  private let ring: PacketRing
  private let state: SharedState
  private let onReport: @Sendable (SensorReport) -> Void

  /// The counter is the ring thread's, but for changes of taps.
  private final class SharedState: Sendable {
    let counting: Mutex<SensorState>

    init(_ state: consuming sending SensorState) {
      counting = Mutex(state)
    }
  }

  /// Starts, in the network namespace of the calling thread, without any taps.
  ///
  /// - Parameter onReport: takes each report, on the sensor's thread, which counts nothing meanwhile.
  package init(
    _ configuration: SensorConfiguration, onReport: @escaping @Sendable (SensorReport) -> Void
  ) throws(PacketRingError) {
    let ring = try PacketRing(mebibytes: configuration.ringMebibytes)
    let state = SharedState(SensorState(configuration))
    (self.ring, self.state, self.onReport) = (ring, state, onReport)
    try ring.start { event in
      let reports = state.counting.withLock { counting in
        counting.take(event, from: ring)
        return counting.takeReports(ring)
      }
      reports.forEach(onReport)
    }
  }

  /// From here on watches these taps and no others; to be called as often as they may have changed. Taps whose interface
  /// isn't there are looked for every second; until then their VM is reported as unknown. What a tap has had until it is
  /// left out counts, also where the ring still holds it.
  ///
  /// - Parameter machines: VMs of the federation by Ethernet address, so that rows have them by name. The VMs of the taps
  ///   need not be among them.
  package func update(taps: [SensedTap], machines: [NamedMachine] = []) throws(PacketRingError) {
    let result = state.counting.withLock { counting in
      Result<Void, PacketRingError> { () throws(PacketRingError) in
        try counting.update(taps: taps, machines: machines, ring: ring)
      }
    }
    try result.get()
  }

  /// Ends, with a report of the period that goes on from the calling thread. Takes 0.2 s; not to be called from `onReport`.
  package func stop() {
    ring.stop()
    let reports = state.counting.withLock { counting in
      counting.finish()
      return counting.takeReports(ring)
    }
    reports.forEach(onReport)
  }
}
