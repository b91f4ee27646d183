import Glibc
import Linux
import Model
package import SystemPackage

/// The WAN of a lab: one loop that carries IP packets between the sites' routers, each as late as its line says.
///
/// It has no threads and waits for all at once, until the next packet is due; the time of arrival of a packet is fixed
/// when it is read, so that being late with one makes no other late.
package final class WANRelay {
  /// Packets read from a device before those that are due meanwhile have their turn: about 0.1 ms.
  private static let batch = 32

  private let devices: [WANDevice]
  private var control: WANControl
  private var state: WANState
  private var buffers = WANBuffers()

  /// Makes the devices and the socket.
  package init(_ configuration: WANConfiguration, socket: FilePath) throws {
    if let problem = configuration.problem { throw WANError(problem) }
    state = WANState(configuration)
    let prefixes = configuration.sites.map { $0.prefixes.compactMap { IPSubnet(text: $0) } }
    devices = try configuration.sites.enumerated().map { index, site in
      try WANDevice(of: site, routes: prefixes.enumerated().filter { $0.offset != index }.flatMap(\.element))
    }
    control = try WANControl(at: socket)
    state.relay.realTime = RealTime.raisePriority() == nil
  }

  /// Relays packets and answers requests until it is killed.
  package func run() -> Never {
    while true {
      let ready = RealTime.wait(for: devices.map(\.file.rawValue) + control.files, until: state.schedule.nextDue)
      deliver()
      for file in ready {
        if let site = devices.firstIndex(where: { $0.file.rawValue == file }) {
          take(from: site)
        } else {
          answer(file)
        }
      }
    }
  }

  /// All packets that are due.
  private func deliver() {
    var now = RealTime.now
    while let (packet, destination) = state.schedule.next(at: now) {
      state.lateness.note(now - packet.due)
      if !buffers.write(packet, to: devices[destination].file.rawValue) { state.relay.refused += 1 }
      buffers.giveBack(packet.buffer)
      now = RealTime.now
    }
  }

  private func take(from site: Int) {
    for _ in 0..<Self.batch {
      guard let buffer = buffers.take() else { return discard(from: site) }
      guard let count = buffers.read(devices[site].file.rawValue, into: buffer) else {
        return buffers.giveBack(buffer)
      }
      let destination = buffers.withBytes(of: buffer, count: count) { state.prefixes.site(ofPacket: $0) }
      guard let destination, destination != site else {
        state.relay.unroutable += 1
        buffers.giveBack(buffer)
        continue
      }
      let packet = WANPacket(buffer: buffer, bytes: count)
      if !state.schedule.admit(packet, from: site, to: destination, at: RealTime.now) { buffers.giveBack(buffer) }
    }
  }

  /// Without a buffer left, packets are read and lost: what waits in the kernel would come late otherwise.
  private func discard(from site: Int) {
    var scrap: UInt8 = 0
    // A packet is read whole, whatever the buffer holds.
    while unsafe read(devices[site].file.rawValue, &scrap, 1) > 0 { state.relay.droppedByBuffers += 1 }
  }

  private func answer(_ file: Int32) {
    control.proceed(file) { request in
      var lost: [Int32] = []
      let reply = state.answer(request, at: RealTime.now) { lost.append($0.buffer) }
      for buffer in lost { buffers.giveBack(buffer) }
      return reply
    }
  }
}
