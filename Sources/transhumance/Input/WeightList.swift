import ArgumentParser

/// Weights of periods on the command line, the oldest first: `1,1,2`.
struct WeightList {
  /// 0 or more each, and not all 0.
  var numbers: [Double]

  init(reading text: String) throws {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    guard numbers.allSatisfy({ $0.isFinite && $0 >= 0 }), numbers.contains(where: { $0 > 0 }) else {
      throw ValidationError("numbers of 0 or more, not all 0, with commas between: 1,1,2.")
    }
    self.numbers = numbers
  }
}
