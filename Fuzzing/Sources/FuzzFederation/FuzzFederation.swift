internal import Documents
internal import Model

/// A federation in YAML: read, or refused with the place of every problem.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  do {
    let (federation, _) = try FederationDocument.parse(input, file: "input")
    precondition(!federation.sites.isEmpty)
    precondition(federation.sites.allSatisfy { site in site.hosts.allSatisfy { $0.speed > 0 && $0.vcpus.isFinite } })
  } catch {
    let lines = input.count { $0 == 0x0a || $0 == 0x0d } + 2
    precondition(!error.diagnostics.isEmpty)
    // YAML's line ends beyond these take two or three bytes each.
    precondition(error.diagnostics.allSatisfy { $0.column > 0 && (1...lines + input.count / 2).contains($0.line) })
  }
  return 0
}
