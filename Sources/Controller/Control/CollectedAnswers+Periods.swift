internal import Model
internal import SwiftProtobuf
internal import Traffic
internal import Wire

extension CollectedAnswers {
  func periods(_ request: Transhumance_V1_PeriodsRequest) async -> Transhumance_V1_PeriodsReply {
    let held = await collector.held
    let chosen = request.last == 0 ? held[...] : held.suffix(Int(request.last))
    let length = await collector.length
    return .with {
      $0.periods = chosen.map { Transhumance_V1_PeriodSummary($0, withPlaces: request.places) }
      $0.periodNanoseconds = length ?? 0
    }
  }
}

extension Transhumance_V1_PeriodSummary {
  init(_ traffic: GlobalPeriod, withPlaces: Bool) {
    self.init()
    start = traffic.period.start.nanoseconds
    nanoseconds = traffic.period.length
    complete = traffic.isComplete
    missingHosts = traffic.incompleteHosts
    packets = traffic.rows.packets
    ipBytes = traffic.rows.ipBytes
    pairs = UInt64(traffic.rows.count)
    guard withPlaces else { return }
    vms = traffic.vms.map { vm in
      .with {
        $0.vm = vm.facts.name
        $0.hosts = vm.hosts
      }
    }
  }
}
