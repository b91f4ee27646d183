import Model

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Numbers as text.
enum Figures {
  /// A coordinate, to a tenth of a pixel.
  static func pixels(_ value: Double) -> String {
    let tenths = Int((min(max(value, -1e6), 1e6) * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, tenth) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return tenth == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(tenth)"
  }

  /// All digits of a whole number, else the shortest text that reads as the same number.
  static func plain(_ value: Double) -> String {
    Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  /// With commas between thousands, rounded to a whole number (from 10¹⁵ on, as `short`).
  static func whole(_ value: Double) -> String {
    value < 1e15 ? Numeral.grouped(Int64(value.rounded())) : short(value)
  }

  /// Three digits and a decimal prefix: `950`, `1.25 k`, `12.3 M`.
  static func short(_ value: Double) -> String {
    let prefixes = ["", " k", " M", " G", " T", " P", " E"]
    var scaled = value
    var index = 0
    while scaled >= 999.5, index < prefixes.count - 1 {
      scaled /= 1000
      index += 1
    }
    if scaled >= 1e6 { return "\(value)" }
    let scale = scaled >= 99.95 ? 1.0 : scaled >= 9.995 ? 10 : 100
    let rounded = (scaled * scale).rounded() / scale
    return (Int64(exactly: rounded).map { "\($0)" } ?? "\(rounded)") + prefixes[index]
  }

  /// Decimal logarithm; of a figure that is not above zero, as of the least one that is.
  static func log(_ value: Double) -> Double { log10(max(value, .leastNonzeroMagnitude)) }

  static func power(ofTen exponent: Double) -> Double { pow(10, exponent) }

  /// The point at that distance and angle (in turns, clockwise from the right, as y grows downwards).
  static func point(distance: Double, turns: Double) -> Point {
    Point(x: distance * cos(2 * .pi * turns), y: distance * sin(2 * .pi * turns))
  }

  /// The direction of a ray, clockwise from the right, −180 … 180.
  static func degrees(of ray: Point) -> Double { atan2(ray.y, ray.x) * 180 / .pi }

  /// Of a ratio up to 1, in turns.
  static func arcsine(_ ratio: Double) -> Double { asin(min(ratio, 1)) / (2 * .pi) }

  static func sine(turns: Double) -> Double { sin(2 * .pi * turns) }
}

/// In pixels, y downwards.
struct Point: Equatable {
  var x = 0.0
  var y = 0.0

  static func + (left: Point, right: Point) -> Point { Point(x: left.x + right.x, y: left.y + right.y) }
  static func - (left: Point, right: Point) -> Point { Point(x: left.x - right.x, y: left.y - right.y) }
  static func * (left: Point, right: Double) -> Point { Point(x: left.x * right, y: left.y * right) }
  func dot(_ other: Point) -> Double { x * other.x + y * other.y }
}
