internal import Dispatch

/// A thread for the calls of an actor, which block. The pool that tasks share has one thread per core; a server that
/// doesn't answer would take them away from all else.
final class BlockingExecutor: SerialExecutor {
  // A serial queue gets a thread whenever it has work, however many others wait.
  private let queue: DispatchQueue

  init(label: String) {
    queue = DispatchQueue(label: label)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    // Unowned is unsafe; the block keeps this executor, and the runtime the job until it has run.
    queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
