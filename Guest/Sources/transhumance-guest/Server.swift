import CGuest
import Workload

/// The half of the program that only answers: it sends nothing that isn't asked for.
final class Server {
  private let name: String
  private let probes: Socket
  private let echo: Socket
  private let bulk: Socket
  private let requests: Socket
  private var received = ProbeReceiver()
  private var sessions: [Int32: any Session] = [:]
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  init(_ arguments: Arguments) throws(Failure) {
    name = try arguments.text("name")
    probes = try Socket.bound(type: SOCK_DGRAM, port: Port.echo)
    echo = try Socket.bound(type: SOCK_STREAM, port: Port.echo)
    bulk = try Socket.bound(type: SOCK_STREAM, port: Port.bulk)
    requests = try Socket.bound(type: SOCK_STREAM, port: Port.requests)
    // Programs that requests start are collected by the kernel.
    guest_ignore(SIGCHLD)
  }

  func run() -> Never {
    Console.print("transhumance guest \(name) ready")
    while true {
      var entries = [probes.descriptor, echo.descriptor, bulk.descriptor, requests.descriptor].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      entries += sessions.map { pollfd(fd: $0, events: Int16($1.events), revents: 0) }
      _ = unsafe poll(&entries, nfds_t(entries.count), -1)
      for entry in entries where entry.revents != 0 {
        proceed(at: entry.fd)
      }
    }
  }

  private func proceed(at descriptor: Int32) {
    switch descriptor {
    case probes.descriptor: received.serve(probes, &buffer)
    case echo.descriptor: accept(echo) { EchoSession($0) }
    case bulk.descriptor: accept(bulk) { BulkSession($0) }
    case requests.descriptor: accept(requests) { RequestSession($0) }
    default:
      switch sessions[descriptor]?.proceed(&buffer) {
      case nil, .again: break
      case .over: sessions[descriptor] = nil
      case .request(let words, let answer):
        fulfil(words, answer: answer)
        sessions[descriptor] = nil
      }
    }
  }

  private func accept(_ listener: Socket, as session: (Socket) -> any Session) {
    guard let descriptor = listener.accepted() else { return }
    sessions[descriptor] = session(Socket(owning: descriptor))
  }

  private func fulfil(_ words: [String], answer: Int32) {
    switch words.first {
    case "received": Console.print(received.document, to: answer)
    case "probe", "talk", "bulk":
      if let failure = Child.start(words, output: answer) {
        Console.print(#"{"error": "\#(failure)"}"#, to: answer)
      }
    case "phase":
      let isIn = words.count == 2 && Phase.begin(words[1])
      Console.print(isIn ? #"{"phase": \#(words[1])}"# : #"{"error": "no such phase"}"#, to: answer)
    default: Console.print(#"{"error": "a request is one of received, phase, probe, talk, bulk"}"#, to: answer)
    }
  }
}
