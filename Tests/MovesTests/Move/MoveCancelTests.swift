import Moves
import Testing

@Suite struct MoveCancelTests {
  @Test func beforeTheReservation() {
    var script = MoveScript()
    #expect(script.tell(.cancelled(by: "root")).deeds == [.conclude(.cancelled), .finish])
  }

  @Test func duringTheReservation() throws {
    var script = MoveScript()
    _ = script.tell(.approved)
    #expect(script.tell(.cancelled(by: "root")).deeds == [.conclude(.cancelled), .release(try #require(script.query))])
    #expect(script.answerReleased().deeds == [.finish])
  }

  @Test func duringTheCopying() throws {
    var script = MoveScript.copying()
    #expect(script.tell(.cancelled(by: "root")).deeds == [.abortMigration])
    #expect(script.tell(.timer(.retry)).deeds == [.abortMigration], "the job hadn't begun")
    #expect(script.tell(.cancelled(by: "root")).deeds == [])
    _ = script.tell(.failed(reason: "operation aborted"))
    #expect(
      script.answer(.running(isMigrating: false)).deeds
        == [.conclude(.cancelled), .release(try #require(script.query))])
    #expect(script.move.report.reason == "by root")
  }

  @Test func afterTheStopItIsTooLate() {
    var script = MoveScript.stopped
    #expect(script.move.isPastReturn)
    #expect(script.tell(.cancelled(by: "root")).deeds == [.refuseCancel])
    _ = script.tell(.completed)
    #expect(script.tell(.cancelled(by: "root")).deeds == [.refuseCancel])
  }

  /// The hypervisor stopped the VM before it heard of the end of its job.
  @Test func theStopCrossesTheCancel() {
    var script = MoveScript.copying()
    _ = script.tell(.cancelled(by: "root"))
    _ = script.tell(.stopped)
    #expect(script.tell(.timer(.retry)).deeds == [], "no abort after the stop")
    _ = script.tell(.completed)
    _ = script.tell(.acknowledged(host: "b", epoch: 6))
    _ = script.tell(.acknowledged(host: "c", epoch: 6))
    #expect(script.answer(.off).deeds.last == .conclude(.done))
  }

  @Test func tooManyRounds() {
    var request = World.request
    request.maximumRounds = 3
    var script = MoveScript.copying(request)
    #expect(script.tell(.iteration(3)).deeds == [])
    #expect(script.tell(.iteration(4)).deeds == [.abortMigration])
    _ = script.tell(.failed(reason: "operation aborted"))
    #expect(script.answer(.running(isMigrating: false)).deeds.first == .conclude(.failed))
    #expect(script.move.report.reason == "gave up: the VM changes its memory faster than 3 passes could copy")
  }

  @Test func tooLong() {
    var request = World.request
    request.timeoutSeconds = 60
    var script = MoveScript.copying(request)
    #expect(script.tell(.timer(.copying)).deeds == [.abortMigration])
    _ = script.tell(.failed(reason: "operation aborted"))
    _ = script.answer(.running(isMigrating: false))
    #expect(script.move.report.result == .failed)
    #expect(script.move.report.reason == "gave up after 60.0 s")
  }
}
