import Foundation
import Libvirt
import Testing

/// Two hosts with a libvirtd each, in namespaces of their own (`Tests/Fixtures/libvirt/hosts.sh`). They end with this
/// value, and with this process however it ends: the script's input closes, and it leaves nothing.
final class Hosts {
  let directory: URL
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var rest: [UInt8] = []

  static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/libvirt/hosts.sh")

  /// Whether this machine lets the hosts be made.
  static var arePossible: Bool {
    let needed = ["/usr/sbin/libvirtd", "/usr/bin/qemu-system-x86_64", "/usr/bin/unshare"]
    return geteuid() == 0 && needed.allSatisfy(FileManager.default.isExecutableFile)
  }

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "transhumance-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try Data(Guest.image).write(to: kernel)
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = [
      "--pid", "--fork", "--kill-child", "--mount", "--net", "--uts", "--ipc", Self.script.path, directory.path,
    ]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    // A script that has ended is an error to be told, not a signal that ends all tests.
    signal(SIGPIPE, SIG_IGN)
    try process.run()
    var lines: [String] = []
    while let line = nextLine() {
      lines.append(line)
      if line == "ready" { break }
    }
    try #require(lines.last == "ready", "\(lines.joined(separator: "\n"))")
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  var kernel: URL { directory.appending(path: "guest") }
  func console(_ name: String) -> String {
    (try? String(contentsOf: directory.appending(path: "\(name).log"), encoding: .utf8)) ?? ""
  }

  /// The guest's description; one tap-less guest unless interfaces are added.
  func description(_ name: String) -> DomainDescription {
    var description = DomainDescription(name: name, acceleration: .qemu, memoryMiB: 32, kernel: kernel.path)
    description.consoleFile = directory.appending(path: "\(name).log").path
    return description
  }

  func connect(_ host: String) throws -> Connection {
    let socket = directory.appending(path: "\(host)/run/libvirt/libvirt-sock").path
    return try Connection(uri: "qemu+unix:///system?socket=\(socket)")
  }

  /// Runs a command in a host's namespaces.
  @discardableResult
  func run(_ host: String, _ command: String) throws -> String {
    try input.fileHandleForWriting.write(contentsOf: Data("\(host) \(command)\n".utf8))
    var lines: [String] = []
    while let line = nextLine() {
      if line.hasPrefix("= ") {
        try #require(line == "= 0", "\(command): \(lines.joined(separator: "\n"))")
        break
      }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  func startDaemon(_ host: String) throws {
    try run(host, "libvirtd -l -d -p \(directory.path)/\(host)/libvirtd.pid")
  }

  func killDaemon(_ host: String) throws {
    try run(host, "kill -9 $(cat \(directory.path)/\(host)/libvirtd.pid)")
  }

  private func nextLine() -> String? {
    while true {
      if let end = rest.firstIndex(of: 10) {
        let line = String(decoding: rest[..<end], as: UTF8.self)
        rest.removeFirst(end + 1)
        return line
      }
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { return nil }
      rest += data
    }
  }
}
