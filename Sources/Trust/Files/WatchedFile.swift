internal import Synchronization

/// What a file says, read anew whenever it has changed: a look costs one call of the system, so that what is written
/// there counts from the next look on.
package final class WatchedFile<Value: Sendable>: Sendable {
  package let path: String
  private let parse: @Sendable (_ bytes: [UInt8]?, _ former: Value) -> (value: Value, problem: String?)
  private let state: Mutex<State>

  private struct State {
    var version: FileVersion?
    var value: Value
    var problem: String?
  }

  /// - Parameter parse: makes a value of the file's bytes (nil: there is no file, or it can't be read) and of the value
  ///   before, and says what is wrong.
  init(
    path: String, initial: Value,
    parse: @escaping @Sendable (_ bytes: [UInt8]?, _ former: Value) -> (value: Value, problem: String?)
  ) {
    self.path = path
    self.parse = parse
    state = Mutex(State(version: nil, value: initial, problem: nil))
  }

  package var current: Value { look().value }

  /// What is wrong with the file as it is now; nil: nothing.
  package var problem: String? { look().problem }

  private func look() -> State {
    // Before reading: what is written meanwhile is found by the next look.
    let version = FileVersion(path)
    return state.withLock { state in
      if state.version != version {
        var bytes: [UInt8]?
        var unreadable: String?
        do throws(TrustError) {
          bytes = try PrivateFile.read(path, limit: 64 << 20)
        } catch {
          if error.code != .missing { unreadable = error.description }
        }
        let (value, problem) = parse(bytes, state.value)
        state = State(version: version, value: value, problem: unreadable ?? problem)
      }
      return state
    }
  }
}
