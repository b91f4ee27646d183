import Moves
import Testing

/// After the stop: who has the VM is asked, never assumed.
@Suite struct MoveRollbackTests {
  @Test func theDestinationLetsGoBeforeTheSourceIsOpened() throws {
    var script = MoveScript.stopped
    #expect(script.tell(.failed(reason: "cut")).deeds == [.readSource(try #require(script.query))])
    // libvirt has let it run on; the fence holds.
    #expect(script.answer(.running(isMigrating: false)).deeds == [.askDestination(try #require(script.query))])
    #expect(script.answer(.absent).deeds == [.release(try #require(script.query))])
    #expect(
      script.answerReleased().deeds == [
        .endForwarding, .announce(MoveScript.entry(at: "a", epoch: 7), to: ["b", "c"]), .unfence,
        .resumeSource(try #require(script.query)),
      ])
    #expect(script.answer(.running(isMigrating: false)).deeds == [.conclude(.rolledBack)])
    #expect(script.move.report.reason == "cut")
    _ = script.tell(.acknowledged(host: "b", epoch: 7))
    #expect(script.tell(.acknowledged(host: "c", epoch: 7)).deeds == [.finish])
  }

  /// libvirt alone would run it twice: the answer of the destination was lost, the source runs on.
  @Test func theLostReply() throws {
    var script = MoveScript.stopped
    _ = script.tell(.failed(reason: "no answer for 30 s"))
    _ = script.answer(.running(isMigrating: false))
    #expect(script.answer(.running).deeds == [.removeSource(try #require(script.query))])
    _ = script.tell(.acknowledged(host: "b", epoch: 6))
    _ = script.tell(.acknowledged(host: "c", epoch: 6))
    #expect(script.answer(.running(isMigrating: false)).deeds == [], "not dead yet")
    #expect(script.tell(.timer(.retry)).deeds == [.removeSource(try #require(script.query))])
    #expect(script.answer(.off).deeds == [.unfence, .conclude(.done)])
  }

  @Test func whileTheLinkIsCutNobodyHasTheNetwork() throws {
    var script = MoveScript.stopped
    _ = script.tell(.failed(reason: "cut"))
    for _ in 0..<60 {
      #expect(script.answer(.paused(isMigrating: false)).deeds == [.askDestination(try #require(script.query))])
      #expect(script.tell(.timer(.retry)).deeds == [.readSource(try #require(script.query))])
      _ = script.tell(.timer(.acknowledgement))
    }
    #expect(script.move.report.result == nil)
    _ = script.answer(.paused(isMigrating: false))
    #expect(script.answer(.incoming).deeds == [], "it isn't decided there")
    #expect(script.answer(.paused).deeds == [.release(try #require(script.query))])
    #expect(script.answer(.running).deeds == [.removeSource(try #require(script.query))], "it ran after all")
  }

  /// The event of the stop was lost, and the source could run on any moment.
  @Test func aSourceThatStandsStillIsFencedBeforeTheDestinationIsAsked() throws {
    var script = MoveScript.copying()
    _ = script.tell(.failed(reason: "the connection was closed"))
    #expect(
      script.answer(.paused(isMigrating: false)).deeds == [.fence, .readSource(try #require(script.query))])
    #expect(script.answer(.paused(isMigrating: false)).deeds == [.askDestination(try #require(script.query))])
    #expect(
      script.answer(.running).deeds == [
        .forwardLateFrames, .announce(MoveScript.entry(at: "b", epoch: 6), to: ["b", "c"]),
        .removeSource(try #require(script.query)),
      ])
  }

  @Test func aCopyThatIsCompleteButStandsStillIsLetRun() throws {
    var script = MoveScript.stopped
    _ = script.tell(.failed(reason: "x"))
    _ = script.answer(.off)
    #expect(script.answer(.paused).deeds == [.activateDestination(try #require(script.query))])
    #expect(script.answer(.running).steps == [.active])
  }

  @Test func aKilledProcessTakesTheVMWithIt() throws {
    var script = MoveScript.stopped
    _ = script.tell(.failed(reason: "QEMU ended"))
    _ = script.answer(.off)
    #expect(
      script.answer(.absent).deeds == [
        .endForwarding, .announce(MoveScript.entry(at: "a", epoch: 7), to: ["b", "c"]), .unfence,
        .conclude(.failed), .release(try #require(script.query)),
      ])
    #expect(
      script.move.report.reason
        == "the VM is lost: its process ended on a during the move, and b has no copy (QEMU ended)")
  }

  /// An answer to an earlier question says nothing about now.
  @Test func oldAnswersDoNotCount() throws {
    var script = MoveScript.stopped
    _ = script.tell(.failed(reason: "x"))
    let old = try #require(script.query)
    _ = script.answer(.paused(isMigrating: false))
    _ = script.answer(.absent)
    #expect(script.tell(.destination(.absent, old)).deeds == [])
    #expect(script.tell(.released(old)).deeds == [])
    #expect(script.tell(.destination(.running, old)).deeds == [])
  }

  @Test func aMessageAloneIsNoReasonForAFlip() {
    var script = MoveScript.copying()
    #expect(script.tell(.resumed) == [])
  }

  @Test func theLastEpochIsStayedAt() {
    var move = Move(World.request, entry: MoveScript.entry(at: "a", epoch: .max))
    _ = move.handle(.approved, at: World.now)
    _ = move.handle(.reserved, at: World.now)
    let last = MoveScript.entry(at: "b", epoch: .max)
    #expect(move.handle(.stopped, at: World.now).deeds.contains(.announce(last, to: ["b", "c"])))
  }
}
