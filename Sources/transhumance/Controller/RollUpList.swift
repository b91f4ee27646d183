import ArgumentParser
import Controller

/// `5m,1h` on the command line.
struct RollUpList {
  let lengths: [RollUp]

  init(reading text: String) throws {
    do {
      lengths = try RollUp.list(reading: text)
    } catch {
      throw ValidationError("--rollup: \(error)")
    }
  }
}
