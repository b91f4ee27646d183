// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every target of ours: Swift 6 mode, the upcoming features that the next mode will have,
/// and warnings as errors.
let tests: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]
let settings: [SwiftSetting] = tests + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "transhumance",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "transhumance", targets: ["transhumance"]),
    .library(name: "Model", targets: ["Model"]),
    .library(name: "Traffic", targets: ["Traffic"]),
    .library(name: "Capture", targets: ["Capture"]),
    .library(name: "Planning", targets: ["Planning"]),
    .library(name: "Documents", targets: ["Documents"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
  ],
  targets: [
    .target(name: "Model", swiftSettings: settings),
    .target(name: "Traffic", dependencies: ["Model"], swiftSettings: settings),
    .target(name: "Planning", dependencies: ["Model"], swiftSettings: settings),
    .target(name: "Drawing", dependencies: ["Model"], swiftSettings: settings),
    .target(name: "Documents", dependencies: ["Model", yams], swiftSettings: settings),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Capture", dependencies: ["Model", "Traffic", "CZlib"], swiftSettings: settings),
    .executableTarget(
      name: "transhumance",
      dependencies: ["Model", "Traffic", "Capture", "Planning", "Drawing", "Documents", argumentParser, systemPackage],
      swiftSettings: settings),

    .testTarget(name: "ModelTests", dependencies: ["Model"], swiftSettings: tests),
    .testTarget(name: "TrafficTests", dependencies: ["Traffic", "Model"], swiftSettings: tests),
    .testTarget(name: "CaptureTests", dependencies: ["Capture", "Traffic", "Model"], swiftSettings: tests),
    .testTarget(name: "PlanningTests", dependencies: ["Planning", "Model", "Documents"], swiftSettings: tests),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing", "Model"], swiftSettings: tests),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "Model"], swiftSettings: tests),
    .testTarget(name: "CommandTests", dependencies: ["transhumance", subprocess, systemPackage], swiftSettings: tests),
  ]
)
