internal import Foundation
internal import Libvirt
internal import Linux
internal import Logging
internal import Model
internal import Moves
internal import SwiftProtobuf
internal import Wire

/// Carries out what a move's state machine asks for, and tells it what came of it.
extension HostAgent {
  func begin(
    _ request: MoveRequest, limits: CopyLimits, watcher: AsyncStream<MigrateProgress>.Continuation
  ) {
    guard let entry = map[request.vm] else { return watcher.finish() }
    let run = RunningMove(Move(request, entry: entry), limits: limits)
    run.watchers.append(watcher)
    moves.add(run)
    feed(request.identifier, .approved)
  }

  /// An event of a move that may have ended meanwhile.
  func feed(_ identifier: String, _ event: MoveEvent) {
    guard let run = moves.running[identifier] else { return }
    logger.debug("\(identifier): \(event)")
    for action in run.move.handle(event, at: .now) { perform(action, of: run) }
  }

  func perform(_ action: MoveAction, of run: RunningMove) {
    let request = run.move.report.request
    let (identifier, vm) = (request.identifier, request.vm)
    logger.debug("\(identifier): does \(action)")
    switch action {
    case .journal(let record):
      do { try journal.append(record) } catch { logger.critical("the journal can't be written: \(error)") }
    case .reserve:
      run.frames = frameClock(of: vm)
      reserveAtDestination(run)
    case .startMigration: startMigration(run)
    case .abortMigration:
      Task { try? await hypervisor.call { try $0.domain(named: vm)?.abortJob() } }
    case .fence:
      phases.fence(vm)
      program()
    case .unfence:
      phases.clear(vm)
      program()
    case .forwardLateFrames: phases.forwardLateFrames(of: vm)
    case .announce(let entry, let hosts): announce(entry, to: hosts, of: run)
    case .endForwarding:
      phases.endForwarding(of: vm)
      program()
    case .readSource(let query): askSource(identifier, vm, query) { _ in }
    case .resumeSource(let query):
      // QEMU may have let it run by itself, while its libvirtd was down.
      askSource(identifier, vm, query) { domain in
        if case .paused = try domain.state() { try domain.resume() }
      }
    case .removeSource(let query): askSource(identifier, vm, query) { try $0.remove() }
    case .askDestination(let query):
      askDestination(run, query) { try await $0.inspect($1, options: PeerConnection.within(.seconds(5))) }
    case .activateDestination(let query):
      askDestination(run, query) { try await $0.activate($1, options: PeerConnection.within(.seconds(10))) }
    case .release(let query): releaseDestination(run, query)
    case .setTimer(let timer, let delay):
      run.timers[timer]?.cancel()
      run.timers[timer] = Task {
        try? await Task.sleep(for: delay)
        if !Task.isCancelled { feed(identifier, .timer(timer)) }
      }
    case .cancelTimer(let timer): run.timers.removeValue(forKey: timer)?.cancel()
    case .report(let step):
      logger.notice("\(vm) from \(request.from) to \(request.to): \(step)")
      let at = run.move.report.time(of: step) ?? .now
      run.tell(
        .with {
          $0.step = .with {
            $0.step = step.rawValue
            $0.at = at.nanoseconds
          }
        })
    case .conclude(let result): conclude(run, result)
    case .refuseCancel: logger.notice("\(vm): too late to cancel, it has stood still already")
    case .finish:
      for timer in run.timers.values { timer.cancel() }
      run.frames?.stop()
      phases.clear(vm)
      phases.endForwarding(of: vm)
      program()
      moves.end(identifier)
    }
  }

  /// The result stands: those who look on are told. What is left is cleaning.
  private func conclude(_ run: RunningMove, _ result: MoveResult) {
    let report = run.move.report
    logger.notice(
      "\(report.request.vm) from \(report.request.from) to \(report.request.to): \(result) \(report.reason)")
    Task {
      if result == .done { run.gapSeconds = await gap(of: run) }
      run.frames?.stop()
      run.frames = nil
      run.tell(.with { $0.finished = run.message })
      for watcher in run.watchers { watcher.finish() }
      run.watchers = []
    }
  }

  // MARK: - The destination

  private func reserveAtDestination(_ run: RunningMove) {
    let request = run.move.report.request
    guard let peer = peers[request.to], let entry = map[request.vm] else { return }
    let hypervisor = hypervisor
    Task {
      do {
        let own = try await hypervisor.call { try Self.requirements(of: request.vm, at: $0) }
        guard let own else { return feed(request.identifier, .refused(reason: "the domain is gone from \(name)")) }
        let message = try Transhumance_V1_Reservation.with {
          $0.entry = entry.message
          $0.from = name
          $0.vcpus = UInt32(clamping: own.vcpus)
          $0.memoryBytes = own.memory
          $0.machineType = own.machine
          $0.cpuModel = own.cpu
          $0.mtu = FabricNames.mtu
          $0.request = try JSONEncoder().encode(request)
        }
        let reply = try await peer.agent.reserve(message, options: PeerConnection.within(.seconds(10)))
        run.hypervisorURI = reply.hypervisorUri
        let problem = problem(ofHypervisorAt: reply.hypervisorUri, host: request.to)
        let problems = reply.problems + (problem.map { [$0] } ?? [])
        feed(request.identifier, problems.isEmpty ? .reserved : .refused(reason: problems.joined(separator: "; ")))
      } catch {
        // Whether it was reserved isn't known: the timer releases it.
        logger.warning("\(request.identifier): \(request.to): \(error.callReason)")
      }
    }
  }

  private func askDestination(
    _ run: RunningMove, _ query: MoveQuery,
    _ call:
      @escaping @Sendable (
        PeerConnection.AgentClient, Transhumance_V1_VMReference
      ) async throws -> Transhumance_V1_VMState
  ) {
    let request = run.move.report.request
    guard let peer = peers[request.to] else { return }
    Task {
      do {
        let answer = try await call(peer.agent, .init(request))
        guard let state = DestinationState(answer.state) else {
          return logger.warning("\(request.identifier): \(request.to) can't say yet what is there: \(answer.reason)")
        }
        if state == .absent {
          // It may have moved the VM on: what it has is learnt first.
          contacts[request.to, default: Contact()].needsExchange = true
          await contact(peer)
        }
        feed(request.identifier, .destination(state, query))
      } catch {
        logger.warning("\(request.identifier): \(request.to): \(error.callReason)")
      }
    }
  }

  private func releaseDestination(_ run: RunningMove, _ query: MoveQuery) {
    let request = run.move.report.request
    guard let peer = peers[request.to] else { return }
    Task {
      do {
        let answer = try await peer.agent.release(.init(request), options: PeerConnection.within(.seconds(10)))
        guard let state = DestinationState(answer.state) else {
          return logger.warning("\(request.identifier): \(request.to) can't let go yet: \(answer.reason)")
        }
        feed(request.identifier, state == .absent ? .released(query) : .destination(state, query))
      } catch {
        logger.warning("\(request.identifier): \(request.to): \(error.callReason)")
      }
    }
  }

  /// The destination first. Sending waits neither for the disk nor for what else this agent has to do.
  private func announce(_ entry: FabricEntry, to hosts: [String], of run: RunningMove) {
    let identifier = run.identifier
    map.merge(entry)
    // Sent before this host's own fabric is programmed: the VM stands still, and each millisecond counts at the destination.
    for host in hosts {
      Task { @concurrent in
        guard await announce([entry], to: host) else { return }
        await feed(identifier, .acknowledged(host: host, epoch: entry.epoch))
      }
    }
    program()
    keep()
  }

  // MARK: - The source's hypervisor

  private func startMigration(_ run: RunningMove) {
    let request = run.move.report.request
    let (limits, uri) = (run.limits, run.hypervisorURI)
    guard let peer = configuration.peers.first(where: { $0.name == request.to }) else { return }
    var options = MigrationOptions()
    options.bandwidthMiBps = limits.bandwidthMiBps
    options.migrateURI = "tcp://\(peer.address.inURI)"
    options.paused = request.isPaused
    // By its name, which each host's certificate has; addresses may be missing there.
    options.tlsDestination = trust == nil ? nil : peer.name
    logger.info(
      "\(request.vm) is sent to \(uri)\(trust == nil ? "" : ", its memory by TLS")",
      metadata: ["move": "\(request.identifier)"])
    let (settings, hypervisor) = (options, hypervisor)
    let progress = Task { await showCopying(request) }
    Task {
      do {
        try await hypervisor.call { connection in
          guard let domain = try connection.domain(named: request.vm) else {
            throw LocalHypervisor.Lost(reason: "\(request.vm) is gone")
          }
          try domain.setMaximumDowntime(milliseconds: limits.downtimeMs)
          try domain.migrateBlocking(to: uri, options: settings)
        }
        feed(request.identifier, .completed)
      } catch {
        feed(request.identifier, .failed(reason: "\(error)"))
      }
      progress.cancel()
    }
  }

  /// Reads the hypervisor's job ten times a second for those who look on.
  private func showCopying(_ request: MoveRequest) async {
    while !Task.isCancelled, let run = moves.running[request.identifier] {
      let statistics = try? await hypervisor.call { try $0.domain(named: request.vm)?.jobStatistics() }
      // Those of a job that was aborted start from nothing again.
      if let statistics = statistics.flatMap({ $0 }), statistics.kind != .none,
        statistics.dataProcessed >= run.copied?.dataProcessed ?? 0
      {
        run.copied = statistics
        run.tell(
          .with {
            $0.copy = .with {
              $0.totalBytes = statistics.memoryTotal
              $0.remainingBytes = statistics.memoryRemaining
              $0.transferredBytes = statistics.dataProcessed
              $0.rounds = UInt32(clamping: statistics.iteration)
              $0.dirtyMibPerSecond = Double(statistics.dirtyBytesPerSecond) / 0x1p20
              $0.bandwidthMibPerSecond = Double(statistics.bytesPerSecond) / 0x1p20
            }
          })
      }
      try? await Task.sleep(for: .milliseconds(100))
    }
  }

  private func askSource(
    _ identifier: String, _ vm: String, _ query: MoveQuery, _ change: @escaping @Sendable (Domain) throws -> Void
  ) {
    let hypervisor = hypervisor
    Task {
      do {
        let state = try await hypervisor.call { connection -> SourceState in
          guard let domain = try connection.domain(named: vm) else { return .off }
          do {
            try change(domain)
            return try SourceState(domain)
          } catch let error as LibvirtError where error.code == .noDomain {
            return .off
          }
        }
        feed(identifier, .source(state, query))
      } catch {
        logger.warning("\(identifier): \(error)")
      }
    }
  }
}

extension SourceState {
  init(_ domain: Domain) throws {
    let state = try domain.state()
    guard state.isActive else {
      self = .off
      return
    }
    let isMigrating = try domain.jobStatistics().kind != .none
    self = state.isRunning ? .running(isMigrating: isMigrating) : .paused(isMigrating: isMigrating)
  }
}

extension DestinationState {
  init?(_ state: Transhumance_V1_VMState.State) {
    switch state {
    case .absent: self = .absent
    case .running: self = .running
    case .paused: self = .paused
    case .incoming: self = .incoming
    case .unknown, .UNRECOGNIZED: return nil
    }
  }
}

extension Transhumance_V1_VMReference {
  init(_ request: MoveRequest) {
    self.init()
    vm = request.vm
    move = request.identifier
  }
}
