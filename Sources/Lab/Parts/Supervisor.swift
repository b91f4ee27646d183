import Glibc

/// A program that is to run as long as its part does.
struct Service {
  var name: String
  var command: [String]
  var log: String
  /// A file that it reads as its standard input.
  var input: String?
}

/// Starts services, starts them anew when they end, and takes leave of every child, own and adopted.
struct Supervisor {
  let services: [Service]
  /// Rest before a service that has ended starts anew, as systemd's units of such programs have it.
  static let restSeconds: UInt32 = 1

  func run() throws -> Never {
    var running: [pid_t: Service] = [:]
    for service in services { running[try start(service)] = service }
    while true {
      var status: Int32 = 0
      let child = unsafe waitpid(-1, &status, 0)
      if child < 0 {
        // No child at all: only signals from here on.
        if errno != EINTR { pause() }
        continue
      }
      guard let service = running.removeValue(forKey: child) else { continue }
      let code = ChildProcess.code(ofStatus: status)
      log("\(service.name) ended (\(code < 0 ? "signal \(-code)" : "exit code \(code)")) and starts anew")
      running[restarted(service)] = service
    }
  }

  /// The machine may have no process or memory left for a while: tried until there is.
  private func restarted(_ service: Service) -> pid_t {
    while true {
      sleep(Self.restSeconds)
      do {
        return try start(service)
      } catch {
        log("\(service.name) can't be started: \(error)")
      }
    }
  }

  private func start(_ service: Service) throws -> pid_t {
    let input = service.input.map { unsafe open($0, O_RDONLY | O_CLOEXEC) }
    defer { if let input { close(input) } }
    return try ChildProcess.start(service.command, .init(input: input, log: service.log))
  }

  private func log(_ text: String) {
    var line = Array((text + "\n").utf8)
    // Whole and valid for the call.
    _ = unsafe write(2, &line, line.count)
  }
}
