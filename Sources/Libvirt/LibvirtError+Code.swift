import CLibvirt

extension LibvirtError {
  /// libvirt's error number (`virErrorNumber`). Open: a newer libvirt has more of them than are named here.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package var rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }
    private init(_ code: virErrorNumber) { self.rawValue = Int32(clamping: code.rawValue) }

    package static let internalError = Code(VIR_ERR_INTERNAL_ERROR)
    package static let invalidArgument = Code(VIR_ERR_INVALID_ARG)
    package static let operationFailed = Code(VIR_ERR_OPERATION_FAILED)
    package static let noSupport = Code(VIR_ERR_NO_SUPPORT)
    package static let noConnection = Code(VIR_ERR_NO_CONNECT)
    /// No such domain, or it has gone meanwhile.
    package static let noDomain = Code(VIR_ERR_NO_DOMAIN)
    /// A domain of that name or UUID is already there.
    package static let domainExists = Code(VIR_ERR_DOM_EXIST)
    package static let xmlError = Code(VIR_ERR_XML_ERROR)
    package static let xmlDetail = Code(VIR_ERR_XML_DETAIL)
    package static let configurationUnsupported = Code(VIR_ERR_CONFIG_UNSUPPORTED)
    /// A socket or another system call: a daemon that isn't there, a connection that broke.
    package static let systemError = Code(VIR_ERR_SYSTEM_ERROR)
    package static let rpc = Code(VIR_ERR_RPC)
    package static let authenticationFailed = Code(VIR_ERR_AUTH_FAILED)
    /// Not in the domain's present state: suspending what doesn't run, aborting no job.
    package static let operationInvalid = Code(VIR_ERR_OPERATION_INVALID)
    package static let operationTimeout = Code(VIR_ERR_OPERATION_TIMEOUT)
    package static let operationUnsupported = Code(VIR_ERR_OPERATION_UNSUPPORTED)
    /// A migration that `abortJob` ended.
    package static let operationAborted = Code(VIR_ERR_OPERATION_ABORTED)
    package static let migrateUnsafe = Code(VIR_ERR_MIGRATE_UNSAFE)
    /// The machine runs at its destination but isn't defined there.
    package static let persistFailed = Code(VIR_ERR_MIGRATE_PERSIST_FAILED)
    package static let cpuIncompatible = Code(VIR_ERR_CPU_INCOMPATIBLE)
    package static let resourceBusy = Code(VIR_ERR_RESOURCE_BUSY)
  }
}
