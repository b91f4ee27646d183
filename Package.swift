// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every target of ours: Swift 6 mode, the upcoming features that the next mode will have,
/// and warnings as errors. Tests and generated code can't say where they are unsafe.
let common: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]
let settings: [SwiftSetting] = common + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let grpcCore = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let grpcTransport = Target.Dependency.product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport")
let grpcProtobuf = Target.Dependency.product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let certificates = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "_CryptoExtras", package: "swift-crypto")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioReloading = Target.Dependency.product(name: "NIOCertificateReloading", package: "swift-nio-extras")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "transhumance",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "transhumance", targets: ["transhumance"]),
    .library(name: "Model", targets: ["Model"]),
    .library(name: "Traffic", targets: ["Traffic"]),
    .library(name: "Wire", targets: ["Wire"]),
    .library(name: "Capture", targets: ["Capture"]),
    .library(name: "Planning", targets: ["Planning"]),
    .library(name: "Documents", targets: ["Documents"]),
    .library(name: "Moves", targets: ["Moves"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.30.0"),
    .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.2.0"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.2.0"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.1.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.15.0"),
    // What gRPC's transport and Hummingbird are made of.
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
  ],
  targets: [
    .target(name: "Model", swiftSettings: settings),
    .target(name: "Traffic", dependencies: ["Model"], swiftSettings: settings),
    .target(name: "Planning", dependencies: ["Model"], swiftSettings: settings),
    .target(name: "Drawing", dependencies: ["Model"], swiftSettings: settings),
    .target(name: "Simulation", dependencies: ["Model", "Planning"], swiftSettings: settings),
    .target(name: "Documents", dependencies: ["Model", yams], swiftSettings: settings),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Capture", dependencies: ["Model", "Traffic", "CZlib"], swiftSettings: settings),
    .target(name: "Moves", dependencies: ["Model"], swiftSettings: settings),
    .target(name: "CLinux"),
    .target(name: "Linux", dependencies: ["Model", "CLinux", systemPackage], swiftSettings: settings),
    .systemLibrary(name: "CLibvirt", pkgConfig: "libvirt", providers: [.apt(["libvirt-dev"])]),
    .target(name: "Libvirt", dependencies: ["CLibvirt"], swiftSettings: settings),
    .target(
      name: "Wire", dependencies: ["Model", "Moves", "Traffic", grpcCore, grpcProtobuf, protobuf],
      swiftSettings: common),
    .target(
      name: "Trust",
      dependencies: [
        "Model", certificates, asn1, crypto, cryptoExtras, nio, nioTLS, nioSSL, nioReloading, grpcCore, grpcTransport,
        systemPackage,
      ],
      swiftSettings: settings),
    .target(
      name: "Agent",
      dependencies: [
        "Model", "Traffic", "Moves", "Linux", "Libvirt", "Wire", "Trust", "Documents", grpcCore, grpcTransport, protobuf,
        logging, lifecycle, subprocess, systemPackage,
      ],
      swiftSettings: settings),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .target(
      name: "Storage", dependencies: ["Model", "Traffic", "Wire", "CPostgres", grdb, protobuf], swiftSettings: settings),
    .target(
      name: "Controller",
      dependencies: [
        "Model", "Traffic", "Planning", "Documents", "Moves", "Linux", "Wire", "Trust", "Storage", grpcCore, grpcTransport,
        protobuf, logging, lifecycle, systemPackage,
      ],
      swiftSettings: settings),
    .target(name: "Answers", dependencies: ["Model", "Moves", "Traffic", "Wire", protobuf], swiftSettings: settings),
    .target(
      name: "API",
      dependencies: [
        "Model", "Traffic", "Wire", "Trust", "Answers", "Controller", "Linux", hummingbird, hummingbirdCore,
        hummingbirdTLS, httpTypes, nio, nioHTTP1, nioHTTPTypes, nioTLS, nioSSL, logging, lifecycle, protobuf,
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "emulated-hosts",
      dependencies: [
        "Agent", "Wire", "Trust", "Traffic", "Model", "Linux", argumentParser, grpcCore, grpcTransport, protobuf,
        logging, lifecycle, systemPackage,
      ],
      path: "Benchmarks/EmulatedHosts", swiftSettings: settings),
    .target(
      name: "Lab", dependencies: ["Model", "Moves", "Documents", "Linux", "Libvirt", subprocess, systemPackage],
      swiftSettings: settings),
    .executableTarget(
      name: "transhumance",
      dependencies: [
        "Model", "Traffic", "Capture", "Planning", "Simulation", "Drawing", "Documents", "Moves", "Wire", "Agent", "Controller",
        "Answers", "API", "Lab", "Linux", "Trust", argumentParser, systemPackage, logging, lifecycle, signals, grpcCore,
        grpcTransport, protobuf,
      ],
      swiftSettings: settings),

    .testTarget(name: "ModelTests", dependencies: ["Model"], swiftSettings: common),
    .testTarget(name: "TrafficTests", dependencies: ["Traffic", "Model"], swiftSettings: common),
    .testTarget(name: "CaptureTests", dependencies: ["Capture", "Traffic", "Model"], swiftSettings: common),
    .testTarget(name: "PlanningTests", dependencies: ["Planning", "Model", "Documents"], swiftSettings: common),
    .testTarget(
      name: "SimulationTests", dependencies: ["Simulation", "Planning", "Documents", "Model"], swiftSettings: common),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing", "Model"], swiftSettings: common),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "Model"], swiftSettings: common),
    .testTarget(name: "MovesTests", dependencies: ["Moves", "Model"], swiftSettings: common),
    .testTarget(
      name: "LinuxTests", dependencies: ["Linux", "Model", "Moves", "Traffic", "Agent", systemPackage],
      swiftSettings: common),
    .testTarget(name: "LibvirtTests", dependencies: ["Libvirt"], swiftSettings: common),
    .testTarget(name: "LabTests", dependencies: ["Lab", "Documents", "Model"], swiftSettings: common),
    .testTarget(
      name: "AgentTests",
      dependencies: [
        "Agent", "Trust", "Linux", "Wire", "Traffic", "Moves", "Model", "Libvirt", grpcCore, grpcTransport, logging, protobuf,
      ],
      swiftSettings: common),
    .testTarget(
      name: "TrustTests",
      dependencies: [
        "Trust", "Model", certificates, asn1, crypto, cryptoExtras, grpcCore, grpcTransport, subprocess, systemPackage,
      ],
      swiftSettings: common),
    .testTarget(
      name: "APITests",
      dependencies: ["API", "Controller", "Traffic", "Trust", "Wire", "Model", "Answers", logging, lifecycle, subprocess],
      swiftSettings: common),
    .testTarget(
      name: "AnswersTests", dependencies: ["Answers", "Traffic", "Wire", "Model", protobuf, subprocess, systemPackage],
      swiftSettings: common),
    .testTarget(
      name: "StorageTests", dependencies: ["Storage", "Traffic", "Model", grdb, subprocess], swiftSettings: common),
    .testTarget(
      name: "ControllerTests",
      dependencies: [
        "Controller", "Agent", "Storage", "Planning", "Documents", "Traffic", "Wire", "Trust", "Model", grpcCore,
        grpcTransport, logging, protobuf,
      ],
      swiftSettings: common),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "transhumance", "Storage", "Traffic", "Model", "Wire", grpcCore, grpcTransport, protobuf, subprocess,
        systemPackage,
      ],
      swiftSettings: common),
    .testTarget(name: "SystemTests", dependencies: ["transhumance", "Linux", subprocess, systemPackage], swiftSettings: common),
  ]
)
