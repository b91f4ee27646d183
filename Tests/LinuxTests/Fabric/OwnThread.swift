import Dispatch
import Foundation
import Synchronization

/// Runs tasks on a thread of its own.
///
/// Whoever resumes a task of the ordinary pool may thereby begin one of the pool's threads, which has the network
/// namespace of the thread that began it, and later runs whatever comes. So nothing in a private network resumes any
/// but these.
final class OwnThread: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  private let arrival = DispatchSemaphore(value: 0)
  private let isStopped = Atomic(false)

  init() {
    Thread { self.work() }.start()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    arrival.signal()
  }

  /// Ends the thread once its jobs are done.
  func stop() {
    isStopped.store(true, ordering: .releasing)
    arrival.signal()
  }

  private func work() {
    while true {
      arrival.wait()
      guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
        if isStopped.load(ordering: .acquiring) { return }
        continue
      }
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
