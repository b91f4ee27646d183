internal import Libvirt
internal import Linux
internal import Logging
internal import Model
internal import Moves
internal import Traffic

/// What the sensor watches: the taps that are open. One that is staged or fenced shows nothing of its VM's traffic.
extension HostAgent {
  /// From here on the sensor follows the map and what goes on at this host.
  func sense(with sensor: Sensor) {
    self.sensor = sensor
    watch()
  }

  /// Tells the sensor what has changed, if anything.
  func watch() {
    guard let sensor else { return }
    let entries = map.sorted
    let interfaces = entries.flatMap { entry in entry.interfaces.map { (vm: entry.vm, interface: $0) } }
    let view = SensedView(
      taps: entries.filter { $0.host == name && phases.phases[$0.vm] == nil }.flatMap { entry in
        entry.interfaces.map {
          SensedTap(interface: FabricNames.tap($0.mac), vm: entry.vm, mac: $0.mac, network: $0.network)
        }
      } + configuration.otherTaps,
      machines: interfaces.map { NamedMachine(vm: $0.vm, mac: $0.interface.mac, network: $0.interface.network) })
    guard view != sensed else { return }
    do {
      try sensor.update(taps: view.taps, machines: view.machines)
      sensed = view
    } catch {
      // Tried again by the next reconciliation.
      logger.error("the taps can't be watched: \(error)")
    }
  }

  /// A report with what the hypervisor knows of its VMs.
  func completed(_ report: SensorReport) async -> SensorReport {
    var report = report
    // A hypervisor that hangs mustn't hold reports up.
    let hypervisor = hypervisor
    let facts = await Self.within(.seconds(2)) { try? await hypervisor.call { try DomainFacts.all(at: $0) } }
    guard let facts = facts.flatMap(\.self) else {
      logger.warning("what runs here isn't known: the hypervisor doesn't answer")
      return report
    }
    let seconds = processorTimes.take(
      facts.mapValues(\.cpuNanoseconds), at: .now, period: report.period.seconds)
    report.complete(facts, seconds: seconds, others: Set(configuration.otherTaps.map(\.vm))) { isOnMove($0) }
    return report
  }

  /// Nil where it takes longer; it goes on then.
  private static func within<Value: Sendable>(
    _ duration: Duration, _ body: @escaping @Sendable () async -> Value
  ) async -> Value? {
    let (stream, continuation) = AsyncStream.makeStream(of: Value.self)
    let timer = Task {
      try? await Task.sleep(for: duration)
      continuation.finish()
    }
    Task {
      continuation.yield(await body())
      continuation.finish()
    }
    defer { timer.cancel() }
    for await value in stream { return value }
    return nil
  }
}

/// What a sensor was told to watch.
struct SensedView: Hashable, Sendable {
  var taps: [SensedTap]
  var machines: [NamedMachine]
}
