import Model

/// Numbers that any language draws alike: SplitMix64, and the upper half of its product with a bound.
struct SeededNumbers {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ mixed >> 31).multipliedFullWidth(by: UInt64(bound)).high)
  }
}

/// Groups of equal size; seven of ten draws inside a group, weights 1 to `heaviest`. Draws of one pair add
/// up.
func randomMatrix(
  seed: UInt64, vms: Int, groups: Int, draws: Int, heaviest: Int = 100, names: [String]? = nil
) -> TrafficMatrix {
  var numbers = SeededNumbers(seed: seed)
  let size = vms / groups
  var rows: [TrafficMatrix.Row] = []
  for _ in 0..<draws {
    let one = numbers.next(below: vms)
    let isInside = numbers.next(below: 10) < 7
    let other = isInside ? one / size * size + numbers.next(below: size) : numbers.next(below: vms)
    let packets = Double(1 + numbers.next(below: heaviest))
    let name = { (vm: Int) in Endpoint(names?[vm] ?? "vm\(vm)") }
    rows.append(TrafficMatrix.Row(source: name(one), destination: name(other), packets: packets))
  }
  return TrafficMatrix(rows: rows, hasWaits: false)
}

/// Modularity from its definition, over all pairs of VMs.
func modularityByDefinition(of matrix: TrafficMatrix, groupOf: [Endpoint: Int]) -> Double {
  var weights: [[Endpoint]: Double] = [:]
  var strengths: [Endpoint: Double] = [:]
  for row in matrix.rows {
    weights[[row.source, row.destination], default: 0] += row.packets
    weights[[row.destination, row.source], default: 0] += row.packets
    strengths[row.source, default: 0] += row.packets
    strengths[row.destination, default: 0] += row.packets
  }
  let total = strengths.values.reduce(0, +)
  var sum = 0.0
  for (one, strength) in strengths {
    for (other, otherStrength) in strengths where groupOf[one] == groupOf[other] {
      sum += weights[[one, other], default: 0] - strength * otherStrength / total
    }
  }
  return sum / total
}
