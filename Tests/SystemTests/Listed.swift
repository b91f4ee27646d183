/// What `get vms --format json` prints.
struct ListedVMs: Decodable, Equatable {
  struct VM: Decodable, Equatable {
    var name: String
    var state: String
    var host: String
    var epoch: UInt64
  }

  var vms: [VM]

  subscript(name: String) -> VM? { vms.first { $0.name == name } }
}

/// What `get moves --format json` prints.
struct ListedMoves: Decodable {
  var moves: [ListedMove]
}

/// What `migrate --format json` prints, too.
struct ListedMove: Decodable {
  struct Step: Decodable {
    var step: String
  }

  var move: String
  var vm: String
  var from: String
  var to: String
  var result: String?
  var steps: [Step]
}

extension SmallLab {
  func vms(of host: String) async throws -> ListedVMs {
    try await run("get", "vms", "--format", "json", "--socket", Self.socket(host)).json(ListedVMs.self)
  }

  /// Of both hosts, oldest first; nil while an agent doesn't answer.
  func moves(of host: String) async throws -> [ListedMove]? {
    let answer = try await run("get", "moves", "--format", "json", "--socket", Self.socket(host))
    return answer.code == 0 ? try answer.json(ListedMoves.self).moves : nil
  }
}
