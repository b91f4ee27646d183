internal import Documents
internal import Model

/// A scenario in YAML: one that can be played in reasonable time, or refused with the place of every problem.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  do {
    check(try ScenarioDocument.parse(input, file: "input").scenario)
  } catch {
    let lines = input.count { $0 == 0x0a || $0 == 0x0d } + 2
    precondition(!error.diagnostics.isEmpty)
    // YAML's line ends beyond these take two or three bytes each.
    precondition(error.diagnostics.allSatisfy { $0.column > 0 && (1...lines + input.count / 2).contains($0.line) })
  }
  return 0
}

private func check(_ scenario: Scenario) {
  precondition(scenario.hours > 0 && scenario.hours.isFinite && scenario.decideSeconds > 0)
  precondition(scenario.hours * 3600 / scenario.decideSeconds <= 10_000_000)
  precondition((0...0.9).contains(scenario.jitter) && (0...0.9).contains(scenario.moveFailures))
  precondition(!scenario.federation.sites.isEmpty && !scenario.applications.isEmpty)
  let sites = Set(scenario.federation.sites.map(\.name))
  var vms = 0
  for pattern in scenario.applications {
    precondition(pattern.count > 0 && pattern.vms > 0 && pattern.arrivesAtHours < scenario.hours)
    precondition(pattern.startsAt.allSatisfy(sites.contains) && (pattern.workHours == nil || pattern.lastsHours == nil))
    vms += pattern.count * pattern.vms
  }
  precondition(vms <= 1_000_000)
}
