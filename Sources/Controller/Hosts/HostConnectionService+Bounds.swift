package import GRPCCore
internal import Wire

extension HostConnectionService {
  /// What a host says is judged before it is decoded.
  package func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    registerBoundedMethods(with: &router)
  }
}
