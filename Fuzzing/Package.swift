// swift-tools-version: 6.2
import PackageDescription

/// Fuzzers of what reads bytes from outside, for libFuzzer and the address sanitizer:
///
///     swift build -c release --sanitize=fuzzer --sanitize=address -Xswiftc -sanitize=fuzzer,address --product FuzzPcap
///     .build/release/FuzzPcap -max_total_time=600 Corpus/Pcap
///
/// Of several `-sanitize` the Swift compiler heeds the last only, hence the list: without it our code has no coverage
/// counters and libFuzzer mutates blindly. libFuzzer brings `main`; a fuzzer is the function that it calls. `make test`
/// replays the corpora without it.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-parse-as-library"]),
]

func fuzzer(_ name: String, _ products: [String]) -> Target {
  .executableTarget(
    name: name, dependencies: products.map { .product(name: $0, package: "transhumance") }, swiftSettings: settings)
}

let package = Package(
  name: "fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "transhumance", path: "..")],
  targets: [
    fuzzer("FuzzPcap", ["Capture", "Traffic"]),
    fuzzer("FuzzPcapng", ["Capture", "Traffic"]),
    fuzzer("FuzzDecoder", ["Traffic"]),
    fuzzer("FuzzQuery", ["Model", "Traffic"]),
    fuzzer("FuzzFederation", ["Documents", "Model"]),
    fuzzer("FuzzApplication", ["Documents", "Model"]),
    fuzzer("FuzzScenario", ["Documents", "Model"]),
    fuzzer("FuzzOverride", ["Documents", "Model"]),
    fuzzer("FuzzMatrix", ["Documents"]),
    fuzzer("FuzzReport", ["Wire", "Traffic", "Model"]),
  ]
)
