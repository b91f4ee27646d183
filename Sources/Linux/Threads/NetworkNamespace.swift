import CLinux
import Glibc
package import SystemPackage

/// A network namespace by its file, as `/proc/PID/ns/net` (namespaces(7)).
package struct NetworkNamespace: Hashable, Sendable {
  package var path: FilePath

  package init(_ path: FilePath) {
    self.path = path
  }

  /// That of a process.
  package init(ofProcess process: Int32) {
    path = FilePath("/proc/\(process)/ns/net")
  }

  /// Runs the closure on the calling thread inside the namespace. Sockets and devices that it opens stay there.
  ///
  /// A thread that can't come back would do all that follows in the wrong network: the process ends then.
  package func run<Result>(_ body: () throws -> Result) throws -> Result {
    let home = try FileDescriptor.open(FilePath("/proc/thread-self/ns/net"), .readOnly, options: .closeOnExec)
    defer { try? home.close() }
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    } catch {
      throw NetlinkError(
        code: (error as? Errno)?.rawValue ?? EIO, operation: "enter the network namespace \(path)")
    }
    defer { try? file.close() }
    guard clinux_enter_network_namespace(file.rawValue) == 0 else {
      throw NetlinkError.last("enter the network namespace \(path)")
    }
    defer {
      precondition(clinux_enter_network_namespace(home.rawValue) == 0, "no way back from the namespace \(path)")
    }
    return try body()
  }
}
