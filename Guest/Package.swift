// swift-tools-version: 6.2
import PackageDescription

/// The program of the lab's guests: one static executable that runs from an initramfs, with nothing beside it.
let tests: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]
let settings: [SwiftSetting] = tests + [.strictMemorySafety()]

let package = Package(
  name: "Guest",
  products: [.executable(name: "transhumance-guest", targets: ["transhumance-guest"])],
  targets: [
    .target(name: "CGuest"),
    .target(name: "Workload", swiftSettings: settings),
    .executableTarget(
      name: "transhumance-guest", dependencies: ["Workload", "CGuest"],
      swiftSettings: settings + [.unsafeFlags(["-static-stdlib"])],
      // Stripped, and without the parts of the standard library that nothing calls.
      linkerSettings: [.unsafeFlags(["-static-executable", "-Xlinker", "--gc-sections", "-Xlinker", "-s"])]),
    .testTarget(name: "WorkloadTests", dependencies: ["Workload"], swiftSettings: tests),
  ]
)
