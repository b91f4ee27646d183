import Foundation
import SwiftProtobuf
import Wire

/// What an agent and a controller tell of two hosts, of which the second is silent, and two VMs with a move and a plan.
extension StandInServices {
  static let federation: StandInServices = {
    let move = MoveReport.with {
      ($0.identifier, $0.vm, $0.from, $0.to, $0.result) = ("vm1-1", "vm1", "b1", "a1", "done")
      ($0.totalSeconds, $0.downtimeSeconds, $0.transferBytes, $0.rounds) = (1.5, 0.25, 3 << 20, 2)
      $0.by = "alice"
      // 2026-11-24T15:46:00Z
      $0.steps = [.with { ($0.step, $0.at) = ("approved", 1_795_535_160_000_000_000) }]
    }
    let list = ListReply.with {
      $0.agent = "a1"
      $0.map.entries = [
        entry(of: "vm1", number: 1, at: "a1", epoch: 2), entry(of: "vm2", number: 2, at: "b1", epoch: 1),
      ]
      $0.hosts = [
        .with {
          ($0.name, $0.site, $0.address) = ("a1", "a", "10.99.1.1")
          $0.report.hypervisor = "ready"
          ($0.report.vcpus, $0.report.vcpusUsed) = (4, 1)
          ($0.report.memoryBytes, $0.report.memoryUsedBytes) = (2 << 30, 96 << 20)
          ($0.report.mapEntries, $0.report.corrections) = (2, 3)
          $0.report.vms = [.with { ($0.name, $0.state, $0.vcpus, $0.memoryBytes) = ("vm1", "running", 1, 96 << 20) }]
          $0.report.moves = [move]
          // 2026-11-24T15:46:00Z
          $0.report.hold = .with { ($0.reason, $0.by, $0.since) = ("a fan", "root", 1_795_535_160_000_000_000) }
        },
        .with { ($0.name, $0.site, $0.address, $0.error) = ("b1", "b", "10.99.2.1", "no answer, \"at all\"") },
      ]
    }
    // The controller knows of b1 what it last said, and no addresses of hosts.
    var (a1, b1) = (Transhumance_V1_SensedHost(), Transhumance_V1_SensedHost())
    (a1.name, a1.site, a1.connected, a1.report) = ("a1", "a", true, list.hosts[0].report)
    a1.report.vms[0].entry = list.map.entries[0]
    (b1.name, b1.site) = ("b1", "b")
    b1.report.vms = [.with { ($0.name, $0.state, $0.entry) = ("vm2", "running", list.map.entries[1]) }]
    let overview = OverviewReply.with {
      $0.hosts = [a1, b1]
      $0.sites = [
        .with {
          ($0.name, $0.kind, $0.hosts, $0.openHosts, $0.vms) = ("a", "grid", ["a1", "a2"], ["a1"], 1)
          $0.availableUntil = 1_795_535_160_000_000_000
          ($0.price.vm, $0.price.memoryGib) = (0.5, 0.25)
          ($0.quota.vcpus, $0.quota.vcpuHours, $0.quota.vms) = (5, 500, 7)
          ($0.headroom, $0.drainedHosts) = (0.25, ["a2"])
          ($0.capacity.vcpus, $0.capacity.memoryGib) = (8, 4)
          ($0.used.vcpus, $0.used.memoryGib, $0.room.vcpus, $0.room.memoryGib) = (3, 1.5, 2, 2.5)
        },
        .with {
          ($0.name, $0.hosts, $0.capacity.vcpus) = ("b", ["b1"], 4)
          ($0.drained, $0.closed, $0.opens) = (true, true, 1_795_593_600_000_000_000)
        },
      ]
      $0.applications = [
        .with {
          ($0.name, $0.mode, $0.objective, $0.grouping) = ("ring", "advise", "time", "partition")
          ($0.vms, $0.hosts) = (["vm1", "vm2"], ["a1", "b1"])
          $0.groups = [.with { $0.vms = ["vm1"] }, .with { $0.vms = ["vm2"] }]
          ($0.decision, $0.reason, $0.messageRate) = ("stay", "it is well, as it is", 1234.5)
        },
        .with { ($0.name, $0.mode, $0.objective, $0.vms) = ("new", "approve", "cost", ["vm3"]) },
      ]
      $0.plans = [
        .with {
          ($0.identifier, $0.application, $0.state, $0.reason) = ("ring-1", "ring", "done", "they talk")
          ($0.predictedGain, $0.achievedGain) = (2.5, 2.25)
          $0.steps = [
            .with {
              ($0.vm, $0.from, $0.to, $0.why, $0.state, $0.lostPackets) = ("vm1", "b1", "a1", "to vm2", "done", 3)
              $0.move = move
            }
          ]
        },
        .with {
          ($0.identifier, $0.application, $0.state, $0.stateReason) = ("ring-2", "ring", "failed", "vm1 was moved")
          $0.predictedGain = 3
        },
      ]
    }
    let periods = Transhumance_V1_PeriodsReply.with {
      $0.periodNanoseconds = 30_000_000_000
      $0.periods = [
        .with {
          ($0.start, $0.nanoseconds, $0.complete) = (1_795_535_160_000_000_000, 30_000_000_000, true)
          ($0.packets, $0.ipBytes, $0.pairs) = (1000, 860_000, 2)
        },
        .with {
          ($0.start, $0.nanoseconds, $0.missingHosts) = (1_795_535_190_000_000_000, 30_000_000_000, ["a2", "b1"])
        },
      ]
    }
    let events: [ControllerEvent] = [
      .with {
        ($0.time, $0.kind, $0.level) = (1_795_535_160_500_000_000, "host", "warning")
        $0.text = "a1 is held by root"
      },
      .with {
        ($0.time, $0.kind, $0.level) = (1_795_535_161_000_000_000, "move", "info")
        ($0.application, $0.vm, $0.text) = ("ring", "vm1", "vm1 moves, \"live\"")
      },
    ]
    return StandInServices(list: list, overview: overview, periods: [periods], events: events)
  }()

  /// On the network blue, as guest of that number.
  static func entry(of vm: String, number: UInt8, at host: String, epoch: UInt64) -> Transhumance_V1_FabricEntry {
    .with {
      ($0.vm, $0.host, $0.epoch) = (vm, host, epoch)
      $0.interfaces = [
        .with {
          ($0.network, $0.mac) = ("blue", 0x5254_0000_0100 | UInt64(number))
          $0.addresses = [Data([192, 168, 77, number])]
        }
      ]
    }
  }
}
