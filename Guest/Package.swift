// swift-tools-version: 6.2
import PackageDescription

/// The program of the lab's guests: one static executable of 0.9 MB that runs from an initramfs, with nothing beside
/// it. A guest of 96 MiB boots with little to spare, and all that it holds is copied when it moves: so Embedded Swift,
/// without the runtime's 7 MB.
///
/// What is built so can't be imported by tests: `GUEST_TESTS=1 swift test` builds the library and its tests as usual.
let isTesting = Context.environment["GUEST_TESTS"] != nil

let tests: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]
let settings: [SwiftSetting] =
  tests + [.strictMemorySafety()]
  + (isTesting ? [] : [.enableExperimentalFeature("Embedded"), .unsafeFlags(["-wmo"])])

let library: [Target] = [.target(name: "Workload", swiftSettings: settings)]

let package = Package(
  name: "Guest",
  products: isTesting ? [] : [.executable(name: "transhumance-guest", targets: ["transhumance-guest"])],
  targets: library
    + (isTesting
      ? [.testTarget(name: "WorkloadTests", dependencies: ["Workload"], swiftSettings: tests)]
      : [
        .target(name: "CGuest"),
        .executableTarget(
          name: "transhumance-guest", dependencies: ["Workload", "CGuest"], swiftSettings: settings,
          linkerSettings: [
            // Hash tables compute with floating point.
            .linkedLibrary("m"),
            .unsafeFlags([
              "-enable-experimental-feature", "Embedded", "-use-ld=lld", "-Xclang-linker", "-static",
              // What Swift's strings need stands beside the runtime's folder, which the linker searches.
              "-Xlinker", "-l:../embedded/x86_64-unknown-linux-gnu/libswiftUnicodeDataTables.a",
              // Without what nothing calls, and without symbols.
              "-Xlinker", "--gc-sections", "-Xlinker", "-s",
            ]),
          ]),
      ])
)
