internal import Synchronization

/// What a file says, read anew whenever it has changed: a look costs one call of the system, so that what is written
/// there counts from the next look on.
package final class WatchedFile<Value: Sendable>: Sendable {
  package let path: String
  private let parse: @Sendable (_ found: FoundFile, _ former: Value) -> (value: Value, problem: String?)
  private let state: Mutex<State>

  private struct State {
    var version: FileVersion?
    var value: Value
    var problem: String?
  }

  /// - Parameter parse: makes a value of what is found and of the value before, and says what is wrong, and what counts
  ///   all the same.
  init(
    path: String, initial: Value,
    parse: @escaping @Sendable (_ found: FoundFile, _ former: Value) -> (value: Value, problem: String?)
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
        let (value, problem) = parse(FoundFile(path), state.value)
        state = State(version: version, value: value, problem: problem)
      }
      return state
    }
  }
}

/// A file as it is found.
enum FoundFile {
  case absent
  /// Why, with its path.
  case unreadable(String)
  case bytes([UInt8])

  init(_ path: String) {
    do throws(TrustError) {
      self = .bytes(try PrivateFile.read(path, limit: 64 << 20))
    } catch {
      self = error.code == .missing ? .absent : .unreadable(error.description)
    }
  }
}
