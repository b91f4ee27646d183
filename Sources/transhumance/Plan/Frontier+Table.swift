import Answers
import Planning

extension Frontier {
  /// For people: one row a placement, the cheapest first.
  var table: String {
    var table = TextTable([("COST", .right), ("RUN TIME", .right), ("MOVES", .right), ("", .left)])
    for point in points {
      table.append([
        Text.decimals(point.cost, 2), Text.duration(point.seconds), "\(point.moves)", point.isPresent ? "present" : "",
      ])
    }
    return "Cost against time, none both cheaper and faster than another"
      + (proven ? ":\n" : " (not proven):\n") + table.rendered()
  }

  var csv: String {
    "cost,seconds,moves,present\n"
      + points.map { CSV.row(["\($0.cost)", "\($0.seconds)", "\($0.moves)", "\($0.isPresent)"]) }.joined()
  }
}
