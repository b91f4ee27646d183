import Foundation
import Libvirt

/// Whether guests can run on the processor itself. That /dev/kvm opens proves nothing: a guest must have run.
enum Acceleration {
  /// Runs a boot sector of five instructions for at most three seconds; it ends QEMU with a code of its own.
  static func prove(in folder: LabFolder) async throws -> DomainDescription.Acceleration {
    guard unsafe access("/dev/kvm", R_OK | W_OK) == 0 else { return .qemu }
    let image = folder.path + "/kvm-proof"
    defer { unsafe unlink(image) }
    // mov al, 0x10; out 0xf4, al; hlt; the signature that the BIOS looks for is in the sector's last two bytes.
    let sector: [UInt8] = [0xb0, 0x10, 0xe6, 0xf4, 0xf4] + [UInt8](repeating: 0, count: 505) + [0x55, 0xaa]
    try Data(sector).write(to: URL(filePath: image))
    let result = try await Tool.run([
      "timeout", "-s", "KILL", "3", "qemu-system-x86_64", "-accel", "kvm", "-machine", "pc", "-cpu", "qemu64", "-m", "16",
      "-nodefaults", "-display", "none", "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=0x01", "-drive",
      "file=\(image),format=raw,if=ide,readonly=off,snapshot=on",
    ])
    // isa-debug-exit: twice the value written, plus one.
    return result.code == 0x10 << 1 | 1 ? .kvm : .qemu
  }
}
