import CGuest

/// This program again, as a process of its own.
enum Child {
  /// - Returns: what went wrong
  static func start(_ words: [String], output: Int32) -> Failure? {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
    var pointers = unsafe (["transhumance-guest"] + words).map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe pointers.indices { unsafe free(pointers[index]) }
    }
    var process: pid_t = 0
    let result = unsafe posix_spawn(&process, "/proc/self/exe", &actions, nil, &pointers, nil)
    return result == 0 ? nil : Failure("no process", result)
  }
}
