import Controller
import Model
import Storage
import Testing

@Suite struct RoomAlarmTests {
  private static let gibibyte: Int64 = 1 << 30

  private func time(_ minutes: Double) -> Timestamp { Timestamp(seconds: 1_800_000_000 + minutes * 60) }

  @Test func littleRoomIsSaidOnceAndWhenThereIsMoreAgain() {
    var alarm = RoomAlarm()
    #expect(alarm.judge(2 * Self.gibibyte, refusal: nil, at: time(0)) == nil)
    let news = alarm.judge(Self.gibibyte - 1, refusal: nil, at: time(1))
    #expect(news?.level == .warning)
    #expect(news?.text.contains("1023 MiB left") == true)
    #expect(alarm.judge(Self.gibibyte - 2, refusal: nil, at: time(2)) == nil)
    // Not at once with every megabyte.
    #expect(alarm.judge(Self.gibibyte + 1, refusal: nil, at: time(3)) == nil)
    #expect(alarm.judge(2 * Self.gibibyte, refusal: nil, at: time(4))?.level == .info)
    #expect(alarm.judge(2 * Self.gibibyte, refusal: nil, at: time(5)) == nil)
  }

  @Test func aDiskThatFillsFastIsSaidBefore() {
    // 100 GiB, and 1 GiB less every ten minutes: 99 / 6 hours.
    var alarm = RoomAlarm()
    #expect(alarm.judge(100 * Self.gibibyte, refusal: nil, at: time(0)) == nil)
    let news = alarm.judge(99 * Self.gibibyte, refusal: nil, at: time(10))
    #expect(news?.text.contains("16 hours") == true)
    // As slowly as that it lasts for weeks.
    var slow = RoomAlarm()
    #expect(slow.judge(100 * Self.gibibyte, refusal: nil, at: time(0)) == nil)
    #expect(slow.judge(100 * Self.gibibyte - 1000, refusal: nil, at: time(30)) == nil)
    // What was used for a while and given back is no growth.
    #expect(slow.judge(100 * Self.gibibyte, refusal: nil, at: time(40)) == nil)
  }

  @Test func refusedReportsAreSaid() {
    var alarm = RoomAlarm()
    let full = StoreError(.full, "the disk is full")
    let news = alarm.judge(nil, refusal: full, at: time(0))
    #expect(news?.level == .error)
    #expect(news?.text.contains("hosts keep them: the disk is full") == true)
    #expect(alarm.judge(nil, refusal: full, at: time(1)) == nil)
    #expect(alarm.judge(nil, refusal: StoreError(.unreachable, "away"), at: time(2))?.level == .error)
    #expect(alarm.judge(nil, refusal: nil, at: time(3))?.text == "reports are kept again")
    #expect(alarm.judge(nil, refusal: nil, at: time(4)) == nil)
  }
}
