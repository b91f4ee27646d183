internal import Documents
internal import Foundation
internal import Model
internal import Planning
internal import Storage
internal import SwiftProtobuf
package import Wire

extension Decider {
  // MARK: - What is kept

  /// Reads what an earlier controller has kept.
  package func load() async throws {
    let earlier = try await store.events(last: EventLog.capacity)
    events.remember(earlier.compactMap { try? ControllerEvent(serializedBytes: [UInt8]($0.content)) })
    events.add(.controller, "this controller has started")
    paused = try await store.value(forKey: "paused").map { String(decoding: $0, as: UTF8.self) }
    if let data = try await store.value(forKey: "drained") {
      let names = (try? JSONDecoder().decode([String].self, from: data)) ?? []
      federation = FederationInForce(federation: federation.federation, drained: Set(names))
      if let data = try await store.value(forKey: "drainedBy") {
        drainedBy = (try? JSONDecoder().decode([String: String].self, from: data)) ?? [:]
      }
    }
    calibrations = try await known(Self.calibrationKey) ?? [:]
    earlierRuns = try await known(Self.earlierRunsKey) ?? [:]
    moveRates = try await known(Self.moveRatesKey) ?? MoveRates()
    if let paused { events.add(.application, "everything is still paused: \(paused)", level: .warning) }
    if !federation.drained.isEmpty {
      let words = federation.drained.sorted().map { host in "\(host)\(drainedBy[host].map { " (by \($0))" } ?? "")" }
      events.add(.host, "still drained: \(words.joined(separator: ", "))", level: .warning)
    }
    for stored in try await store.applications() {
      do {
        let source = try JSONDecoder().decode(ManagedApplication.Source.self, from: stored.settings)
        applications[stored.name] = ManagedApplication(try read(source).application, source: source)
      } catch {
        // Its document was good under another federation.
        events.add(.application, "\(stored.name) can't be taken up again: \(error)", application: stored.name, level: .error)
      }
    }
    for stored in try await store.plans(last: Self.rememberedPlans, of: nil) {
      plans[stored.identifier] = try? PlanRecord(serializedBytes: [UInt8](stored.content))
    }
  }

  /// What `keepKnown` has written; nil: nothing, or what can't be read.
  private func known<Value: Decodable>(_ key: String) async throws -> Value? {
    try await store.value(forKey: key).flatMap { try? JSONDecoder().decode(Value.self, from: $0) }
  }

  /// Writes down what was learnt, as it is now; says so where that fails.
  func keepKnown(_ value: some Encodable, forKey key: String, _ failure: String, of application: String = "") {
    let data = try? JSONEncoder().encode(value)
    _ = kept(failure, .application, of: application) { [store] in try await store.set(data, forKey: key) }
  }

  /// Plans of which an operator may ask.
  static let rememberedPlans = 1000

  /// Writes an application down, as it is now; says so where that fails.
  ///
  /// - Returns: whether that worked, for whoever waits for it.
  @discardableResult
  func keep(_ managed: ManagedApplication) -> Task<Bool, Never> {
    let name = managed.application.name
    return kept("\(name) can't be recorded", .application, of: name) { [store] in
      try await store.save(
        StoredApplication(
          name: name, document: String(decoding: managed.source.document, as: UTF8.self),
          settings: JSONEncoder().encode(managed.kept)))
    }
  }

  /// Has something written in its turn; says so where that fails.
  func kept(
    _ failure: String, _ kind: EventLog.Kind, of application: String,
    _ write: @escaping @Sendable () async throws -> Void
  ) -> Task<Bool, Never> {
    let writing = writes.add(write)
    return Task {
      do {
        try await writing.value.get()
        return true
      } catch {
        events.add(kind, "\(failure): \(error)", application: application, level: .error)
        return false
      }
    }
  }

  /// - Throws: where it is in force, but would be lost with this process.
  func keep(setting key: String, _ value: Data?) async throws(Refusal) {
    do {
      try await writes.add { [store] in try await store.set(value, forKey: key) }.value.get()
    } catch {
      let text = "\(key): it is in force, but can't be recorded, and is lost with this controller: \(error)"
      events.add(.application, text, level: .error)
      throw Refusal(text)
    }
  }

  private func read(
    _ source: ManagedApplication.Source
  ) throws(DocumentError) -> (application: Application, diagnostics: [Diagnostic]) {
    var (application, diagnostics) = try ApplicationDocument.parse(
      Array(source.document), file: source.file, against: federation.federation)
    if let mode = source.mode.flatMap(Mode.init(rawValue:)) { application.mode = mode }
    return (application, diagnostics)
  }

  // MARK: - Applying

  /// Takes over an application, or a new version of it; places and starts VMs that run nowhere.
  ///
  /// - Parameter by: who asks; empty: not known.
  package func apply(
    _ request: Transhumance_V1_ApplyRequest, by: String = "", tell: @Sendable (Transhumance_V1_ApplyProgress) async throws -> Void
  ) async throws {
    let source = ManagedApplication.Source(
      file: request.file, document: request.document, templates: request.templates,
      mode: request.mode.isEmpty ? nil : request.mode, paused: nil, since: nil, failures: 0,
      by: by.isEmpty ? nil : by)
    let application: Application
    do {
      let (read, diagnostics) = try read(source)
      application = read
      for diagnostic in diagnostics { try await tell(.with { $0.diagnostic = diagnostic.description }) }
    } catch let error as DocumentError {
      for line in error.description.split(separator: "\n") {
        try await tell(.with { $0.diagnostic = String(line) })
      }
      try await tell(refusal(refuse(source, error)))
      return
    }
    // One at a time: two that claim the same VM, or both find it nowhere, would both have it.
    guard !isApplying else { return try await tell(refusal("another apply is under way: try again")) }
    isApplying = true
    defer { isApplying = false }
    if let reason = conflict(of: application) {
      return try await tell(refusal(reason))
    }
    let situation = await hosts.situation()
    let known = applications[application.name]?.application.vms.map(\.name)
    // A new mode, price or constraint for VMs that are in our care already: wherever they are.
    if known.map(Set.init) != Set(application.vms.map(\.name)) {
      guard try await place(application, source, situation, isDryRun: request.dryRun, tell) else { return }
    }
    try await take(application, source, isDryRun: request.dryRun, tell)
  }

  private func take(
    _ application: Application, _ source: ManagedApplication.Source, isDryRun: Bool,
    _ tell: @Sendable (Transhumance_V1_ApplyProgress) async throws -> Void
  ) async throws {
    let name = application.name
    let known = applications[name]
    let isSame = known?.application == application && known?.source.templates == source.templates
    let outcome = known == nil ? "created" : isSame ? "unchanged" : "changed"
    let by = source.by ?? ""
    if !isDryRun {
      var managed = ManagedApplication(application, source: source)
      managed.paused = known?.paused
      // Of other VMs other periods tell; those of before are as good for a new mode or price.
      managed.since = known == nil ? now() : known?.since
      managed.rest = isSame ? known?.rest : nil
      managed.failures = isSame ? known?.failures ?? 0 : 0
      managed.latest = isSame ? known?.latest : nil
      if isSame, let known { managed.memory = known.memory }
      // What remains counts from when it was said, not from when something else of the document was changed.
      let saysTheSame =
        known?.application.remainingHours == application.remainingHours && known?.application.run == application.run
      managed.progress = saysTheSame ? known?.progress : nil
      if managed.progress == nil { managed.progress = RunProgress(since: now(), after: known?.progress) }
      applications[name] = managed
      _ = await keep(managed).value
      if outcome != "unchanged" {
        withdrawProposals(of: name, since: "a new version of \(name) was applied\(by.isEmpty ? "" : " by \(by)")")
        events.add(
          .application, "\(name) is \(outcome): \(application.vms.count) VMs, objective \(application.objective.rawValue), "
            + "mode \(application.mode.rawValue)\(by.isEmpty ? "" : ", by \(by)")", application: name, by: by)
      }
    }
    try await tell(
      .with {
        $0.result.outcome = outcome
        $0.result.reason = isDryRun ? "nothing was done (dry run)" : ""
      })
    if !isDryRun { Task { await considerAll() } }
  }

  /// Of another application, or nil.
  private func conflict(of application: Application) -> String? {
    for other in applications.values.sorted(by: { $0.application.name < $1.application.name })
    where other.application.name != application.name {
      if let claimed = other.overlap(with: application) {
        let owner = other.application.owner.map { " (owner \($0))" } ?? ""
        return "\(claimed) is \(other.application.name)'s already\(owner): take it out of one of the two"
      }
    }
    return nil
  }

  private func refusal(_ reason: String) -> Transhumance_V1_ApplyProgress {
    .with {
      $0.result.outcome = "refused"
      $0.result.reason = reason
    }
  }

  /// Says loudly which version stays in force, where there is one with that name, or from that file.
  private func refuse(_ source: ManagedApplication.Source, _ error: DocumentError) -> String {
    let first = error.diagnostics.first?.description ?? error.description
    let name = applications.values.first { $0.source.file == source.file }?.application.name
    guard let name else { return "\(source.file) can't be used" }
    applications[name]?.problem = first
    events.add(
      .application, "a new version of \(name) can't be used, the one before it stays in force: \(first)",
      application: name, level: .error, by: source.by ?? "")
    return "\(source.file) can't be used; the version of \(name) before it stays in force"
  }

  /// Forgets an application; its VMs run on.
  ///
  /// - Parameter by: who asks; empty: not known.
  package func remove(_ name: String, by: String = "") async throws(Refusal) {
    guard applications[name] != nil else {
      throw Refusal("there is no application \"\(name)\"; `transhumance get applications` lists all")
    }
    if let active = activePlan(of: name) {
      throw Refusal("plan \(active.identifier) of \(name) is being carried out: pause it, or wait for its end")
    }
    let removed = "\(name) was removed\(by.isEmpty ? "" : " by \(by)")"
    withdrawProposals(of: name, since: removed, by: by)
    for record in plans.values where record.application == name && record.state == "verifying" {
      end(record.identifier, "done", "\(removed) before it was seen what it brought", by: by)
    }
    if let managed = applications[name] { noteRun(of: managed) }
    applications[name] = nil
    _ = forgetCalibration(of: name)
    do {
      try await writes.add { [store] in try await store.removeApplication(named: name) }.value.get()
    } catch {
      throw Refusal("\(name) can't be removed from the store: \(error)")
    }
    events.add(.application, "\(removed); its VMs run on", application: name, by: by)
  }
}
