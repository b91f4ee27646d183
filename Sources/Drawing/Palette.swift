/// Colours that people with any colour vision can tell apart, on white.
enum Palette {
  static let text = "#1c2430"
  static let quiet = "#5b6675"
  static let faint = "#e9ebee"
  static let ungrouped = "#b4bac3"

  /// Okabe and Ito, *Color Universal Design* (2008), without black; those that stand out least on white last.
  private static let hues: [Colour] = [
    Colour(0x0072b2), Colour(0xd55e00), Colour(0x009e73), Colour(0xcc79a7), Colour(0x56b4e9), Colour(0xe69f00),
    Colour(0xf0e442),
  ]

  /// The colour of a group: seven hues, then the same darker, then lighter; beyond 21 groups they recur.
  static func group(_ number: Int) -> String {
    let hue = hues[number % hues.count]
    switch number / hues.count % 3 {
    case 1: return hue.mixed(with: Colour(0x000000), 0.42).text
    case 2: return hue.mixed(with: Colour(0xffffff), 0.5).text
    default: return hue.text
    }
  }

  /// From pale to dark, ever darker, so that it reads in grey as well.
  private static let ramp: [Colour] = [
    Colour(0xeef5dc), Colour(0xb9dfc0), Colour(0x6fbdc0), Colour(0x3285b4), Colour(0x25508f), Colour(0x161b48),
  ]

  /// The colour of a share, 0 … 1, of the scale.
  static func heat(_ share: Double) -> String {
    let place = min(max(share, 0), 1) * Double(ramp.count - 1)
    let index = min(Int(place), ramp.count - 2)
    return ramp[index].mixed(with: ramp[index + 1], place - Double(index)).text
  }
}

struct Colour {
  let red: Double
  let green: Double
  let blue: Double

  init(_ number: UInt32) {
    (red, green, blue) = (Double(number >> 16), Double(number >> 8 & 0xff), Double(number & 0xff))
  }

  private init(red: Double, green: Double, blue: Double) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  func mixed(with other: Colour, _ share: Double) -> Colour {
    Colour(
      red: red + (other.red - red) * share, green: green + (other.green - green) * share,
      blue: blue + (other.blue - blue) * share)
  }

  var text: String {
    let number = UInt32(red.rounded()) << 16 | UInt32(green.rounded()) << 8 | UInt32(blue.rounded())
    let digits = String(number, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
