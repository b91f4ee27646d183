import Glibc

/// Threads for calls that block. The cooperative pool has one thread per core; a call to a silent libvirtd would hold
/// one of them until keepalive gives up, and a migration lasts for minutes.
package enum DedicatedThread {
  /// Runs `body` in a thread of its own while the caller is suspended. Cancelling the task doesn't end `body`.
  package static func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws(LibvirtError) -> Value
  ) async throws(LibvirtError) -> Value {
    let result: Result<Value, LibvirtError> = await withCheckedContinuation { continuation in
      let failure = start {
        do throws(LibvirtError) {
          continuation.resume(returning: .success(try body()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
      if let failure { continuation.resume(returning: .failure(failure)) }
    }
    return try result.get()
  }

  /// Starts a detached thread; the error, if the system has none left (`body` isn't run then).
  static func start(_ body: @escaping @Sendable () -> Void) -> LibvirtError? {
    // The box is handed over to the thread, which releases it.
    let box = unsafe Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard code != 0 else {
      pthread_detach(thread)
      return nil
    }
    unsafe box.release()
    return LibvirtError(
      code: .systemError, message: "no thread could be started (error \(code))", operation: "starting a thread")
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
