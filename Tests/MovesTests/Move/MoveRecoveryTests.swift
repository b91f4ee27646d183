import Model
import Moves
import Testing

/// What a new agent does with the journal of one that died.
@Suite struct MoveRecoveryTests {
  func recovered(_ script: MoveScript, _ entry: FabricEntry, isFenced: Bool) throws -> (
    script: MoveScript, deeds: [MoveAction]
  ) {
    let recovered = try #require(
      Move.recovered(from: script.journal, entry: entry, isFenced: isFenced, at: script.now))
    return (MoveScript(recovered), recovered.actions.deeds)
  }

  @Test func beforeTheReservation() throws {
    var script = MoveScript()
    _ = script.tell(.approved)
    let (after, deeds) = try recovered(script, MoveScript.entry, isFenced: false)
    #expect(deeds == [.conclude(.failed), .release(try #require(after.query))])
    #expect(after.move.report.reason == "the agent of a was restarted during the move")
  }

  @Test func duringTheCopying() throws {
    var (script, deeds) = try recovered(.copying(), MoveScript.entry, isFenced: false)
    #expect(deeds == [.readSource(try #require(script.query))])
    #expect(script.answer(.running(isMigrating: true)).deeds == [.abortMigration], "nobody waits for it")
    #expect(script.tell(.timer(.retry)).deeds == [.readSource(try #require(script.query))])
    #expect(
      script.answer(.running(isMigrating: false)).deeds
        == [.conclude(.failed), .release(try #require(script.query))])
    #expect(script.move.report.steps.map(\.step) == [.approved, .copying])
  }

  /// The hypervisor went on while no agent was there: the VM runs, silent, at the destination.
  @Test func whenItHasGoneWithoutUs() throws {
    var (script, _) = try recovered(.copying(), MoveScript.entry, isFenced: false)
    #expect(script.answer(.off).deeds == [.askDestination(try #require(script.query))])
    #expect(
      script.answer(.running).deeds == [
        .fence, .forwardLateFrames, .announce(MoveScript.entry(at: "b", epoch: 6), to: ["b", "c"]),
        .removeSource(try #require(script.query)),
      ], "6 is what may have been announced")
  }

  /// Fenced: a flip may have been sent, to hosts that can't be asked now.
  @Test func afterTheFlip() throws {
    var (script, deeds) = try recovered(.copying(), MoveScript.entry, isFenced: true)
    #expect(deeds == [.fence, .readSource(try #require(script.query))])
    #expect(script.answer(.running(isMigrating: false)).deeds == [.askDestination(try #require(script.query))])
    _ = script.answer(.absent)
    #expect(
      script.answerReleased().deeds == [
        .announce(MoveScript.entry(at: "a", epoch: 7), to: ["b", "c"]), .unfence,
        .resumeSource(try #require(script.query)),
      ])
  }

  @Test func afterTheArrival() throws {
    var first = MoveScript.stopped
    _ = first.tell(.completed)
    var (script, deeds) = try recovered(first, MoveScript.entry(at: "b", epoch: 6), isFenced: true)
    #expect(deeds == [.fence, .readSource(try #require(script.query))])
    _ = script.answer(.off)
    #expect(
      script.answer(.running).deeds == [
        .forwardLateFrames, .announce(MoveScript.entry(at: "b", epoch: 6), to: ["b", "c"]),
        .removeSource(try #require(script.query)),
      ])
  }

  /// The destination owns the VM by now, and may have moved it on: nothing of it is announced.
  @Test func afterTheHandOver() throws {
    var first = MoveScript.stopped
    _ = first.tell(.completed)
    var (script, deeds) = try recovered(first, MoveScript.entry(at: "c", epoch: 9), isFenced: true)
    #expect(deeds == [.fence, .removeSource(try #require(script.query))])
    #expect(script.answer(.off).deeds == [.unfence, .conclude(.done), .finish])
  }

  @Test func afterTheEndButBeforeCleaning() throws {
    var first = MoveScript.stopped
    _ = first.tell(.completed)
    _ = first.tell(.acknowledged(host: "b", epoch: 6))
    _ = first.tell(.acknowledged(host: "c", epoch: 6))
    _ = first.answer(.off)
    var (script, deeds) = try recovered(first, MoveScript.entry(at: "b", epoch: 6), isFenced: false)
    #expect(deeds == [.removeSource(try #require(script.query))])
    #expect(script.answer(.off).deeds.suffix(2) == [.conclude(.done), .finish])
  }

  /// The destination moved the VM on while this host was cut off.
  @Test func theHandOverIsLearntWhileJudging() throws {
    var script = MoveScript.stopped
    _ = script.tell(.failed(reason: "cut"))
    _ = script.answer(.paused(isMigrating: false))
    #expect(script.tell(.named(MoveScript.entry(at: "b", epoch: 6))).deeds == [], "that is ours")
    #expect(
      script.tell(.named(MoveScript.entry(at: "c", epoch: 7))).deeds == [.removeSource(try #require(script.query))])
    #expect(script.answer(.off).deeds == [.unfence, .conclude(.done)])
  }

  @Test func aCancelIsRemembered() throws {
    var first = MoveScript()
    _ = first.tell(.approved)
    _ = first.tell(.cancelled(by: "root"))
    var (script, deeds) = try recovered(first, MoveScript.entry, isFenced: false)
    #expect(deeds == [.conclude(.cancelled), .release(try #require(script.query))])
    #expect(script.answerReleased().deeds == [.finish])
  }

  @Test func aRollbackIsFinished() throws {
    var first = MoveScript.stopped
    _ = first.tell(.failed(reason: "cut"))
    _ = first.answer(.paused(isMigrating: false))
    _ = first.answer(.absent)
    _ = first.answerReleased()
    _ = first.answer(.running(isMigrating: false))
    #expect(first.journal.last?.result == .rolledBack)
    var (script, deeds) = try recovered(first, MoveScript.entry(at: "a", epoch: 7), isFenced: false)
    #expect(
      deeds == [
        .announce(MoveScript.entry(at: "a", epoch: 8), to: ["b", "c"]), .resumeSource(try #require(script.query)),
      ], "whether 7 came to anybody isn't known")
    #expect(script.answer(.running(isMigrating: false)).deeds == [.conclude(.rolledBack)])
    #expect(script.move.report.reason == "cut")
    // It has been on another move since.
    let (other, nothing) = try recovered(first, MoveScript.entry(at: "c", epoch: 9), isFenced: false)
    #expect(nothing == [.conclude(.rolledBack), .finish])
    #expect(other.move.isOver)
    // The destination may not have heard of it; the map of a new agent has it before the kernel is touched.
    var map = FabricMap([MoveScript.entry(at: "b", epoch: 6)])
    map.restore(from: first.journal)
    #expect(map["vm"] == MoveScript.entry(at: "a", epoch: 7))
  }

  @Test func onlyOpenMovesOfTheRoleAreRecovered() throws {
    var closed = MoveScript()
    _ = closed.tell(.approved)
    _ = closed.tell(.refused(reason: ""))
    var other = World.request
    other.identifier = "2"
    let open = MoveScript.copying(other)
    #expect(JournalRecord.open(closed.journal + open.journal) == [open.journal])
    #expect(JournalRecord.open([]).isEmpty)
    #expect(Move.recovered(from: [], entry: MoveScript.entry, isFenced: true, at: World.now) == nil)
    #expect(IncomingMove.recovered(from: open.journal, entry: MoveScript.entry, at: World.now) == nil)
  }
}
