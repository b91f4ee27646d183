import Model
import Planning

extension Grouping {
  /// How VMs were grouped, and what that is worth, on one line.
  var summary: String {
    let how = "\(method.rawValue), by \(measure.rawValue)"
    switch outcome {
    case .negligible:
      let rate = packetsPerVMAndSecond.map {
        ": \(Text.significant($0)) packets per machine and second, "
          + "under \(Text.significant(bounds.packetsPerVMAndSecond))"
      }
      return "No groups (\(how)): traffic is negligible\(rate ?? "")"
    case .one where method == .leiden:
      return "One group (\(how)): the best division has modularity \(Text.decimals(bestModularity, 3)), "
        + "under \(Text.significant(bounds.modularity))"
    case .one:
      return "One group (\(how))"
    case .partition:
      return "\(members.count) groups (\(how)): modularity \(Text.decimals(modularity, 3)), "
        + "\(Text.percent(cutShare)) of \(measure.rawValue) cross"
    }
  }
}
