/// A guest of 80 bytes: a multiboot kernel (https://www.gnu.org/software/grub/manual/multiboot/, §3.1) that writes one
/// word to each page of 2 … 6 MiB, prints the next letter of the alphabet on its serial port, counts, and begins anew.
/// That its console reads abc…zabc… without a gap shows that memory and registers went along.
enum Guest {
  static let image: [UInt8] = [
    0x02, 0xB0, 0xAD, 0x1B,  // magic
    0x00, 0x00, 0x01, 0x00,  // flags: addresses are given
    0xFE, 0x4F, 0x51, 0xE4,  // checksum: all three add up to 0
    0x00, 0x00, 0x10, 0x00,  // address of this header: 1 MiB
    0x00, 0x00, 0x10, 0x00,  // address to load at
    0x00, 0x00, 0x00, 0x00,  // end: the whole file
    0x00, 0x00, 0x00, 0x00,  // no bss
    0x20, 0x00, 0x10, 0x00,  // entry
    0xB3, 0x61,  // mov bl, 'a'
    0x66, 0xBA, 0xF8, 0x03,  // mov dx, 0x3f8
    0xBF, 0x00, 0x00, 0x20, 0x00,  // again: mov edi, 2 MiB
    0xFF, 0x07,  // dirty: inc dword [edi]
    0x81, 0xC7, 0x00, 0x10, 0x00, 0x00,  // add edi, 4096
    0x81, 0xFF, 0x00, 0x00, 0x60, 0x00,  // cmp edi, 6 MiB
    0x72, 0xF0,  // jb dirty
    0x88, 0xD8,  // mov al, bl
    0xEE,  // out dx, al
    0xFE, 0xC3,  // inc bl
    0x80, 0xFB, 0x7B,  // cmp bl, 'z' + 1
    0x72, 0x02,  // jb wait
    0xB3, 0x61,  // mov bl, 'a'
    0xB9, 0x00, 0x2D, 0x31, 0x01,  // wait: mov ecx, 20 000 000
    0xE2, 0xFE,  // spin: loop spin
    0xEB, 0xD6,  // jmp again
  ]

  /// Whether a console shows one guest that ran on without a gap.
  static func isContinuous(_ console: String) -> Bool {
    console.utf8.enumerated().allSatisfy { Int($1) == 97 + $0 % 26 }
  }
}
