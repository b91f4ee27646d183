// swift-tools-version: 6.2
import PackageDescription

/// What is measured against something else; `Benchmarks/counting.py` and its like say how.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "transhumance", path: "..")],
  targets: [
    .executableTarget(name: "GenerateCapture", swiftSettings: settings),
    .executableTarget(
      name: "CountCapture",
      dependencies: [
        .product(name: "Capture", package: "transhumance"), .product(name: "Traffic", package: "transhumance"),
        .product(name: "Model", package: "transhumance"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "GroupMatrix",
      dependencies: [
        .product(name: "Planning", package: "transhumance"), .product(name: "Model", package: "transhumance"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "PackPeriods",
      dependencies: [
        .product(name: "Traffic", package: "transhumance"), .product(name: "Model", package: "transhumance"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "SolvePlacement",
      dependencies: [
        .product(name: "Planning", package: "transhumance"), .product(name: "Documents", package: "transhumance"),
        .product(name: "Model", package: "transhumance"),
      ], swiftSettings: settings),
  ]
)
