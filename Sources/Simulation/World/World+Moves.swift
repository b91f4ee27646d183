internal import Model
internal import Planning

extension World {
  // MARK: - Deciding

  func decide(_ job: Int) {
    guard runs[job].state == .running, !runs[job].moves.isActive, runs[job].stranded.isEmpty, runs[job].standing == 0
    else { return }
    let steps = Step.changing(policy.decide(job, in: self), from: runs[job].placement)
    guard !steps.isEmpty else { return }
    runs[job].account.plans += 1
    runs[job].moves = MoveRun(steps: steps[...], begins: time)
    for step in steps { expect(step, job, 1) }
    beginMove(job)
  }

  /// Others leave room for what is to come.
  private func expect(_ step: Step, _ job: Int, _ sign: Double) {
    let vm = course.jobs[job].application.vms[step.vm]
    coming.vcpus[step.host] += sign * vm.vcpus
    coming.memory[step.host] += sign * vm.memoryGiB
  }

  // MARK: - Moving

  /// The next of its moves, over the link from where the VM is; ends the plan where there is none or it can't be made.
  private func beginMove(_ job: Int) {
    count(job)
    runs[job].moves.current = nil
    guard let step = runs[job].moves.steps.popFirst() else { return finish(job) }
    expect(step, job, -1)
    let from = runs[job].placement[step.vm]
    if from == step.host { return beginMove(job) }
    let (source, target) = (hostSites[from], hostSites[step.host])
    let bandwidth = between.bandwidth[between.index(from: source, to: target)]
    guard hasRoom(step.host, for: job), source == target || isWithinQuota(target, for: job), sites[source].isUp,
      let migration = try? Migration(of: course.jobs[job].application.vms[step.vm], bandwidth: bandwidth)
    else {
      abandonMoves(job, failed: true)
      return refreshPrices(job)
    }
    take(step.host, job)
    runs[job].moves.current = step
    runs[job].moves.migration = migration
    runs[job].moves.fails = random.nextShare() < course.scenario.moveFailures
    refreshPrices(job)
    schedule(.moved(job: job, plan: runs[job].account.plans), in: migration.seconds, rank: 1)
  }

  func endMove(_ job: Int) {
    guard let step = runs[job].moves.current, let migration = runs[job].moves.migration else { return }
    count(job)
    let from = runs[job].placement[step.vm]
    let bytes = migration.bytes
    runs[job].account.movedBytes += bytes
    runs[job].account.migration +=
      bytes * between.egress[between.index(from: hostSites[from], to: hostSites[step.host])]
    if runs[job].moves.fails {
      leave(step.host, job, step.vm)
      runs[job].account.failedMoves += 1
      runs[job].moves.current = nil
      abandonMoves(job, failed: true)
      return refreshPrices(job)
    }
    leave(from, job, step.vm)
    runs[job].placement[step.vm] = step.host
    runs[job].account.moves += 1
    // Standing still costs progress: all of a coupled application's, of another a VM's share.
    let description = course.jobs[job]
    let share = description.pattern.coupling == .coupled ? 1 : 1 / Double(description.count)
    if description.isService {
      runs[job].account.seconds += migration.downtimeSeconds * share
    } else {
      runs[job].done -= migration.downtimeSeconds * share / runs[job].slowdown
    }
    runs[job].moves.current = nil
    refresh(job)
    beginMove(job)
  }

  private func finish(_ job: Int) {
    refreshPrices(job)
    runs[job].history.append((time, runs[job].placement))
    let begins = runs[job].moves.begins ?? time
    runs[job].moves = MoveRun()
    policy.ended(job, failed: false, seconds: time - begins, in: self)
  }

  /// Ends a plan before its end; what has moved stays where it is.
  ///
  /// - Parameter failed: whether its policy is told that it has.
  func abandonMoves(_ job: Int, failed: Bool = false) {
    if let step = runs[job].moves.current { leave(step.host, job, step.vm) }
    for step in runs[job].moves.steps { expect(step, job, -1) }
    let begins = runs[job].moves.begins
    runs[job].moves = MoveRun()
    guard failed, let begins else { return }
    runs[job].account.failedPlans += 1
    runs[job].history.append((time, runs[job].placement))
    policy.ended(job, failed: true, seconds: time - begins, in: self)
  }
}
