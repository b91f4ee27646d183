import Foundation
import Libvirt

/// Whether guests can run on the processor itself. That /dev/kvm opens proves nothing: a guest must have run.
///
/// The lab's first process finds out, so that the QEMU which does it ends with the lab.
enum Acceleration {
  /// Runs a boot sector of three instructions for at most three seconds; it ends QEMU with a code of its own.
  ///
  /// - Returns: the process to wait for, nil where it is clear that there is no KVM
  static func startProof(in folder: LabFolder) throws -> pid_t? {
    guard unsafe access("/dev/kvm", R_OK | W_OK) == 0 else { return nil }
    // mov al, 0x10; out 0xf4, al; hlt; the signature that the BIOS looks for is in the sector's last two bytes.
    let sector: [UInt8] = [0xb0, 0x10, 0xe6, 0xf4, 0xf4] + [UInt8](repeating: 0, count: 505) + [0x55, 0xaa]
    let image = folder.path + "/kvm-proof"
    try Data(sector).write(to: URL(filePath: image))
    return try ChildProcess.start(
      [
        "timeout", "-s", "KILL", "3", "qemu-system-x86_64", "-accel", "kvm", "-machine", "pc", "-cpu", "qemu64", "-m",
        "16", "-nodefaults", "-display", "none", "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=0x01",
        "-drive", "file=\(image),format=raw,if=ide,readonly=off,snapshot=on",
      ], .init(log: folder.path + "/kvm-proof.log"))
  }

  /// Waits for the proof, and leaves its result in the lab's folder.
  static func finishProof(_ process: pid_t?, in folder: LabFolder) throws(LabError) {
    // isa-debug-exit: twice the value written, plus one.
    let isProven = process.map { ChildProcess.wait(for: $0) == 0x10 << 1 | 1 } ?? false
    try folder.write((isProven ? DomainDescription.Acceleration.kvm : .qemu).rawValue, to: folder.acceleration)
  }

  /// What was found out.
  static func found(in folder: LabFolder) -> DomainDescription.Acceleration {
    let text = (try? String(contentsOfFile: folder.acceleration, encoding: .utf8)) ?? ""
    return DomainDescription.Acceleration(rawValue: text) ?? .qemu
  }
}
