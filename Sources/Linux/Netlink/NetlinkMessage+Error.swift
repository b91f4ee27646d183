import CLinux
import Glibc

extension NetlinkMessage {
  /// The error in an acknowledgement (`struct nlmsgerr`: negative error number, header of the request, unless capped
  /// the rest of the request, attributes with the kernel's words) or at the end of a dump (the number, attributes).
  /// Code 0: none.
  package var error: NetlinkError {
    guard body.count >= 4 else {
      return type == UInt16(NLMSG_DONE)
        ? NetlinkError(code: 0) : NetlinkError(code: EBADMSG, message: "an acknowledgement of \(body.count) bytes")
    }
    let number = Int32(bitPattern: body.uint32(at: 0))
    let code = number == .min ? Int32.max : abs(number)
    guard code != 0, flags & UInt16(NLM_F_ACK_TLVS) != 0 else { return NetlinkError(code: code) }
    var skipped = 4
    if type == UInt16(NLMSG_ERROR) {
      guard body.count >= 20 else { return NetlinkError(code: code) }
      skipped = 20
      if flags & UInt16(NLM_F_CAPPED) == 0 {
        skipped += max(0, Int(min(body.uint32(at: 4), UInt32(UInt16.max))) - 16 + 3) & ~3
      }
    }
    return NetlinkError(code: code, message: words(after: skipped) ?? "")
  }

  /// Nil where there are none, or where they can't be read: the number counts.
  private func words(after skipped: Int) -> String? {
    guard var attributes = try? NetlinkAttributes(body, after: skipped) else { return nil }
    while let attribute = try? attributes.next() {
      if attribute.type == Int(NLMSGERR_ATTR_MSG.rawValue) { return attribute.text }
    }
    return nil
  }
}
