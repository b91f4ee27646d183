import Model
import Moves
import Testing

@Suite struct MoveTests {
  @Test func aMoveWithoutMishap() throws {
    var script = MoveScript()
    #expect(script.tell(.approved).deeds == [.reserve])
    #expect(script.tell(.reserved).deeds == [.startMigration])
    #expect(
      script.tell(.stopped).deeds == [
        .fence, .forwardLateFrames, .announce(MoveScript.entry(at: "b", epoch: 6), to: ["b", "c"]),
      ])
    #expect(script.tell(.acknowledged(host: "b", epoch: 6)).steps == [.redirected])
    #expect(script.tell(.resumed).steps == [.active])
    let completed = script.tell(.completed)
    #expect(completed.deeds == [.removeSource(try #require(script.query))])
    #expect(script.tell(.acknowledged(host: "c", epoch: 6)).steps == [.networkUpdated])
    #expect(script.answer(.off).deeds == [.unfence, .conclude(.done)])
    #expect(script.tell(.timer(.forwarding)).deeds == [.endForwarding, .finish])
    #expect(script.move.isOver && script.move.report.result == .done && script.move.report.reason == "")
    #expect(
      script.move.report.steps.map(\.step)
        == [.approved, .reserved, .copying, .stopped, .redirected, .active, .networkUpdated, .done])
    #expect(script.move.report.time(of: .stopped) == Timestamp(nanoseconds: 3_000_000_000))
  }

  /// The order on the disk and in the kernel. The flip alone doesn't wait for the disk, as its epoch is there already.
  @Test func theJournalIsAhead() throws {
    var script = MoveScript()
    func place(_ isIt: (MoveAction) -> Bool, _ actions: [MoveAction]) throws -> Int {
      let index = actions.firstIndex(where: isIt)
      return try #require(index)
    }
    let isRecord: (MoveAction) -> Bool = { if case .journal = $0 { true } else { false } }
    let begin = script.tell(.approved)
    #expect(try place(isRecord, begin) < place({ $0 == .reserve }, begin))
    let reserved = script.tell(.reserved)
    #expect(try place(isRecord, reserved) < place({ $0 == .startMigration }, reserved))
    #expect(script.journal.last?.step == .copying && script.journal.last?.epoch == 6)
    let flip = script.tell(.stopped)
    #expect(flip.first == .fence)
    #expect(try place({ if case .announce = $0 { true } else { false } }, flip) < place(isRecord, flip))
    _ = script.tell(.completed)
    _ = script.tell(.acknowledged(host: "b", epoch: 6))
    _ = script.tell(.acknowledged(host: "c", epoch: 6))
    let done = script.answer(.off)
    #expect(try place(isRecord, done) < place({ $0 == .conclude(.done) }, done))
    _ = script.tell(.timer(.forwarding))
    #expect(script.journal.map(\.step) == [.approved, .copying, .stopped, .active, .done, .done])
    #expect(script.journal.map(\.isClosed) == [false, false, false, false, false, true])
    #expect(script.journal.map(\.result) == [nil, nil, nil, nil, .done, .done])
  }

  @Test func theSixStepsHaveTheirNames() {
    #expect(
      MoveStep.allCases.compactMap(\.phase) == [
        "reservation", "iterative copy", "stop and copy", "redirection", "activation", "network update",
      ])
  }

  @Test func aRefusalLeavesNothing() {
    var script = MoveScript()
    _ = script.tell(.approved)
    #expect(script.tell(.refused(reason: "no room for 2 GiB")).deeds == [.conclude(.failed), .finish])
    #expect(script.move.report.reason == "no room for 2 GiB")
    #expect(script.journal.last?.isClosed == true)
  }

  @Test func aDestinationThatIsSilentIsReleasedUntilItAnswers() throws {
    var script = MoveScript()
    _ = script.tell(.approved)
    #expect(script.tell(.timer(.reservation)).deeds == [.conclude(.failed), .release(try #require(script.query))])
    #expect(script.move.report.reason == "the agent of b didn't answer")
    #expect(script.tell(.timer(.retry)).deeds == [.release(try #require(script.query))])
    #expect(script.tell(.reserved).deeds == [], "too late")
    #expect(script.answerReleased().deeds == [.finish])
    #expect(script.tell(.reserved).deeds == [.release(try #require(script.query))], "much too late")
  }

  @Test func theMigrationThatFailsBeforeTheStopChangesNothing() throws {
    var script = MoveScript.copying()
    #expect(script.tell(.failed(reason: "no route")).deeds == [.readSource(try #require(script.query))])
    #expect(
      script.answer(.running(isMigrating: false)).deeds
        == [.conclude(.failed), .release(try #require(script.query))])
    #expect(script.move.report.reason == "no route")
    #expect(script.answerReleased().deeds == [.finish])
  }

  @Test func everyHostIsSentTheFlipAgain() {
    var script = MoveScript.stopped
    let entry = MoveScript.entry(at: "b", epoch: 6)
    _ = script.tell(.acknowledged(host: "c", epoch: 5))
    #expect(script.tell(.timer(.acknowledgement)).deeds == [.announce(entry, to: ["b", "c"])], "5 was another")
    _ = script.tell(.acknowledged(host: "c", epoch: 6))
    for _ in 0..<20 { #expect(script.tell(.timer(.acknowledgement)).deeds == [.announce(entry, to: ["b"])]) }
  }

  /// A host that is down doesn't keep the move from ending, and is named.
  @Test func aSilentThirdHostIsNotWaitedForLong() {
    var script = MoveScript.stopped
    _ = script.tell(.completed)
    _ = script.tell(.acknowledged(host: "b", epoch: 6))
    #expect(script.answer(.off).deeds == [.unfence])
    #expect(script.tell(.timer(.acknowledgement)).deeds.last == .conclude(.done))
    #expect(script.move.report.silentHosts == ["c"])
    _ = script.tell(.timer(.forwarding))
    for _ in 0..<3 { #expect(script.tell(.timer(.acknowledgement)).deeds.count == 1) }
    #expect(script.tell(.timer(.acknowledgement)).deeds == [.finish])
  }

  @Test func aPausedVMStaysPaused() throws {
    var request = World.request
    request.isPaused = true
    var script = MoveScript.copying(request)
    #expect(script.tell(.completed).deeds.contains(.announce(MoveScript.entry(at: "b", epoch: 6), to: ["b", "c"])))
    script = .copying(request)
    _ = script.tell(.failed(reason: "x"))
    _ = script.answer(.off)
    #expect(script.answer(.paused).deeds.contains { if case .removeSource = $0 { true } else { false } })
    script = .copying(request)
    _ = script.tell(.failed(reason: "x"))
    _ = script.answer(.paused(isMigrating: false))
    _ = script.answer(.paused(isMigrating: false))
    _ = script.answer(.absent)
    #expect(script.answerReleased().deeds == [.unfence, .readSource(try #require(script.query))])
    #expect(script.answer(.paused(isMigrating: false)).deeds.first == .conclude(.rolledBack))
  }

  @Test func thereIsNoTimeoutWithoutSense() {
    for seconds in [Double.nan, .infinity, -1, 0] {
      var request = World.request
      request.timeoutSeconds = seconds
      var script = MoveScript(request)
      _ = script.tell(.approved)
      #expect(!script.tell(.reserved).contains { if case .setTimer(.copying, _) = $0 { true } else { false } })
    }
    var request = World.request
    request.timeoutSeconds = 1e300
    var script = MoveScript(request)
    _ = script.tell(.approved)
    #expect(script.tell(.reserved).contains(.setTimer(.copying, after: .seconds(1_000_000_000))))
  }
}
