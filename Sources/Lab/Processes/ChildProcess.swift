import Glibc
import SystemPackage

/// Programs started without waiting; whoever started them waits for them by number.
enum ChildProcess {
  /// What a program gets as standard input, output and error.
  struct Files {
    var input: Int32?
    var output: Int32?
    /// Appended to; also standard output, unless given.
    var log: String
  }

  /// Starts a program in a session of its own and returns its process number.
  ///
  /// Open files of this process stay its own if they close on exec.
  static func start(_ command: [String], _ files: Files) throws(LabError) -> pid_t {
    guard let name = command.first, let path = name.hasPrefix("/") ? name : Tool.find(name) else {
      throw LabError("\(command.first ?? "") isn't installed")
    }
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    // Both are set up here and freed below; C strings live for the calls that copy them.
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    // 0x80 is POSIX_SPAWN_SETSID, a macro behind _GNU_SOURCE.
    unsafe posix_spawnattr_setflags(&attributes, Int16(0x80 | POSIX_SPAWN_SETSIGMASK))
    if let input = files.input {
      unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    unsafe posix_spawn_file_actions_addopen(&actions, 2, files.log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, files.output ?? 2, 1)
    var process: pid_t = 0
    let code = unsafe withCStrings(command) { arguments in
      unsafe withCStrings(Self.environment) { environment in
        unsafe posix_spawn(&process, path, &actions, &attributes, arguments, environment)
      }
    }
    guard code == 0 else { throw LabError("\(path) can't be started: \(Errno(rawValue: code))") }
    return process
  }

  /// What services find: nothing of whoever started the lab but where commands are.
  private static let environment = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8",
  ]

  /// The exit code; negative where a signal ended it.
  static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return -1 }
    }
    return code(ofStatus: status)
  }

  /// Whether a child has ended; it is taken leave of then.
  static func hasEnded(_ process: pid_t) -> Bool { waitpid(process, nil, WNOHANG) == process }

  /// As in wait(2).
  static func code(ofStatus status: Int32) -> Int32 {
    status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
  }

  private static func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    // Copies that end with a null pointer, freed after the call.
    let pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { for unsafe pointer in unsafe pointers { unsafe free(pointer) } }
    return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress.unsafelyUnwrapped) }
  }
}

/// A pipe whose ends close on exec.
struct Pipe {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws(LabError) {
    do {
      let ends = try FileDescriptor.pipe()
      (readEnd, writeEnd) = (ends.readEnd.rawValue, ends.writeEnd.rawValue)
    } catch {
      throw LabError("no pipe can be made: \(error)")
    }
    for end in [readEnd, writeEnd] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  /// Waits until something comes or the other ends are closed; whether something came.
  static func read(_ file: Int32) -> Bool {
    var byte: UInt8 = 0
    while true {
      // One byte for one byte.
      let count = unsafe Glibc.read(file, &byte, 1)
      if count >= 0 { return count > 0 }
      if errno != EINTR { return false }
    }
  }
}
