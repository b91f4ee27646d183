import CGuest
import Workload

/// Numbered datagrams as they come in: logged by stream, and sent back where the sender wants that.
struct ProbeReceiver {
  /// More streams than this: the oldest is forgotten.
  private static let streams = 16

  private var logs: [(stream: UInt64, from: String, log: ProbeLog)] = []

  /// Takes all that has come.
  mutating func serve(_ socket: Socket, _ buffer: inout [UInt8]) {
    while let (count, sender) = socket.receiveDatagram(&buffer) {
      guard let probe = Probe(buffer, count: count), probe.kind != .reply else { continue }
      log(probe, from: sender)
      if probe.kind == .wantsReply {
        Probe(kind: .reply, stream: probe.stream, sequence: probe.sequence).write(to: &buffer)
        socket.sendDatagram(buffer, count: count, to: sender)
      }
    }
  }

  private mutating func log(_ probe: Probe, from sender: SocketAddress) {
    let now = Monotonic.nanoseconds
    let index = logs.lastIndex { $0.stream == probe.stream }
    if let index {
      logs[index].log.note(probe.sequence, at: now)
    } else {
      if logs.count == Self.streams { logs.removeFirst() }
      logs.append((probe.stream, sender.text, ProbeLog()))
      logs[logs.count - 1].log.note(probe.sequence, at: now)
    }
  }

  /// The streams as a JSON array, oldest first.
  var document: String {
    "[" + logs.map { #"{"from": "\#($0.from)", \#($0.log.members())}"# }.joined(separator: ", ") + "]"
  }
}
