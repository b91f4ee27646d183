import Planning
import Testing

@Suite struct LargestSumTests {
  /// Against a look at all of them, with factors alike and not.
  @Test(arguments: [1, 2, 7, 64, 100], [false, true]) func isTheLargestOfAll(count: Int, alike: Bool) {
    var random = FixedRandom(count)
    let factors: [Double] = (0..<count).map { _ in alike ? 0.5 : random.pick([0, 0.25, 1]) }
    var values: [Double] = (0..<count).map { _ in random.pick([-1, 0, 1, 2, 3]) }
    var sums = LargestSum(factors: factors)
    sums.replace(values)
    for _ in 0..<200 {
      let index = Int.random(in: 0..<count, using: &random)
      values[index] = random.pick([-2, 0.5, 1.5, 4])
      sums.set(index, values[index])
      for common in [0, 1, 10] as [Double] {
        let largest = zip(values, factors).map { $0 + $1 * common }.max()
        #expect(sums.largest(with: common) == largest)
        let index = sums.indexOfLargest(with: common)
        #expect(values[index] + factors[index] * common == largest)
      }
    }
  }
}
