import Model
import Planning
import Testing

/// Pre-copy at a bandwidth that changes.
@Suite struct TransferTests {
  /// At a constant bandwidth it is what `Migration` says.
  @Test(arguments: [0.0, 1, 20, 100]) func isTheMigrationAtAConstantBandwidth(_ dirty: Double) throws {
    let vm = VM(
      name: "x", memoryGiB: 3, dirtyMiBps: dirty,
      disks: [Disk(gib: 2, writeMiBps: 5), Disk(gib: 9, shared: true), Disk(gib: 1)])
    let migration = try Migration(of: vm, bandwidth: 125e6)
    let outlook = Transfer(Transfer.Demand(vm)).outlook(at: 125e6)
    #expect(isNear(outlook.seconds, migration.seconds))
    #expect(isNear(outlook.bytes, migration.bytes))
    #expect(isNear(outlook.stoppedSeconds + Migration.switchSeconds, migration.downtimeSeconds))
  }

  /// 1 GiB at 100 MB/s for 4 s, then at 50 MB/s: 673,741,824 bytes are left, 13.47 s.
  @Test func halfTheBandwidthFromSomeTimeOn() {
    var transfer = Transfer(Transfer.Demand(VM(name: "x", memoryGiB: 1)))
    transfer.advance(by: 4, at: 100e6)
    #expect(isNear(transfer.outlook(at: 50e6).seconds, 673_741_824 / 50e6))
    #expect(isNear(transfer.outlook(at: 50e6).bytes, 1_073_741_824))
  }

  /// A round at two bandwidths lasts longer, and so leaves more to send: 4 + 13.475 s at 1 MiB/s make
  /// 18.32 MB, more than fits into 0.3 s at 50 MB/s; the next leaves 0.38 MB, which does.
  @Test func whatIsDirtiedCountsTheTimeThatItTook() {
    var transfer = Transfer(Transfer.Demand(VM(name: "x", memoryGiB: 1, dirtyMiBps: 1)))
    transfer.advance(by: 4, at: 100e6)
    let outlook = transfer.outlook(at: 50e6)
    let first = 673_741_824 / 50e6
    let second = 1_048_576 * (4 + first) / 50e6
    let third = 1_048_576 * second / 50e6
    #expect(isNear(outlook.seconds, first + second + third))
    #expect(isNear(outlook.stoppedSeconds, third))
  }

  @Test func unlimitedBandwidthTakesNoTime() throws {
    let outlook = Transfer(Transfer.Demand(VM(name: "x", memoryGiB: 1, dirtyMiBps: 10, disks: [Disk(gib: 1)])))
      .outlook(at: .infinity)
    #expect(outlook.seconds == 0 && outlook.bytes == 2_147_483_648)
  }

  private func isNear(_ left: Double, _ right: Double) -> Bool { abs(left - right) <= 1e-9 * max(1, abs(right)) }
}
