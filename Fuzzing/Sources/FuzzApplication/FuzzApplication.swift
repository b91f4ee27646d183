internal import Documents
internal import Model

private let federation = Federation(sites: [
  Site(name: "a", hosts: [Host(name: "h"), Host(name: "i")]), Site(name: "b", hosts: [Host(name: "j")]),
  Site(name: "c"),
])

/// An application in YAML: read by itself and against a federation, or refused with every problem.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  for known in [nil, federation] {
    do {
      let (application, _) = try ApplicationDocument.parse(input, file: "input", against: known)
      precondition(Set(application.vms.map(\.name)).count == application.vms.count && !application.vms.isEmpty)
    } catch {
      precondition(!error.diagnostics.isEmpty && error.description.utf8.count < 1 << 20)
    }
  }
  return 0
}
