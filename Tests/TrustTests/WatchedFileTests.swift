import Synchronization
import Testing
import Trust

/// What a file says that is read anew when it changes.
@Suite struct WatchedFileTests {
  /// As where too many files were open just then: the file itself tells of nothing new.
  @Test func whatCouldNotBeReadIsTriedAgain() async throws {
    try await withFolder { folder in
      let path = folder + "/file"
      try write("one", path)
      let reads = Mutex(0)
      let file = WatchedFile(path: path, initial: "") { path in
        let number = reads.withLock { reads in
          reads += 1
          return reads
        }
        return number < 3 ? .unreadable("too many files are open", mayPass: true) : FoundFile(path)
      } parse: { found, former in
        switch found {
        case .absent: ("", nil)
        case .unreadable(let reason, _): (former, reason)
        case .bytes(let bytes): (String(decoding: bytes, as: UTF8.self), nil)
        }
      }
      #expect(file.problem == "too many files are open")
      #expect(file.current == "")
      #expect(file.current == "one" && file.problem == nil)
      // As long as it stays the same it isn't read again.
      #expect(reads.withLock { $0 } == 3)
    }
  }
}
