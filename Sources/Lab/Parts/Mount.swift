import Glibc
import SystemPackage

/// Mounts in this process's own mount namespace, which go with it.
enum Mount {
  static func memory(at path: String) throws(LabError) {
    try mount("tmpfs", at: path, type: "tmpfs", options: "mode=755")
  }

  /// Has `path` show what is at `source`.
  static func bind(_ source: String, at path: String) throws(LabError) {
    try mount(source, at: path, type: nil, flags: UInt(MS_BIND))
  }

  /// Devices of this process's network namespace.
  static func system() throws(LabError) {
    _ = unsafe umount2("/sys", Int32(MNT_DETACH))
    try mount("sysfs", at: "/sys", type: "sysfs")
  }

  /// An empty /run in which the lab's folder is all that is left of the old one.
  static func ownRun(keeping folder: LabFolder) throws(LabError) {
    let file = unsafe open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { throw LabError("\(folder.path): \(Errno(rawValue: errno))") }
    defer { close(file) }
    try memory(at: "/run")
    unsafe mkdir("/run/transhumance", 0o755)
    unsafe mkdir(folder.path, 0o700)
    try bind("/proc/self/fd/\(file)", at: folder.path)
  }

  private static func mount(
    _ source: String, at path: String, type: String?, flags: UInt = 0, options: String? = nil
  ) throws(LabError) {
    // The kernel copies all strings during the call.
    let result =
      if let options {
        unsafe options.withCString { unsafe Glibc.mount(source, path, type, flags, $0) }
      } else {
        unsafe Glibc.mount(source, path, type, flags, nil)
      }
    guard result == 0 else {
      throw LabError("\(path) can't be mounted (\(type ?? source)): \(Errno(rawValue: errno))")
    }
  }
}
