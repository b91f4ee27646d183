/// The options at the end of a pcapng block (draft-ietf-opsawg-pcapng §3.5), each at least four bytes long.
struct OptionList {
  struct Option {
    var code: UInt16
    /// Of its value in the window.
    var offset: Int
    var length: Int
  }

  private var position: Int
  private let end: Int

  /// - Parameter end: where the options' room in the window ends.
  init(at position: Int, end: Int) {
    self.position = position
    self.end = end
  }

  /// The next option; nil at the end.
  mutating func next(
    _ source: ByteSource, _ bytes: Span<UInt8>, _ order: ByteOrder
  ) throws(CaptureError) -> Option? {
    guard position < end else { return nil }
    guard end - position >= 4 else { throw overrun(source) }
    let option = Option(
      code: order.number16(bytes, at: position), offset: position + 4,
      length: Int(order.number16(bytes, at: position + 2)))
    if option.code == 0 { return nil }
    guard option.length <= end - option.offset else { throw overrun(source) }
    position = option.offset + (option.length + 3) / 4 * 4
    return option
  }

  private func overrun(_ source: ByteSource) -> CaptureError {
    source.error(.corrupt, at: position - source.start, "an option that runs over the end of its block")
  }
}
