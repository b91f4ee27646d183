internal import GRPCCore
internal import Trust
internal import Wire

/// Who may call what over the network, where hosts have certificates; in clear everybody may everything.
enum PeerCalls {
  /// What an agent passes on to the one of the VM's host: for its operator or the controller, whom it names in `by`.
  private static let passedOn: Set<MethodDescriptor> = [
    Transhumance_V1_Operator.Method.Migrate.descriptor, Transhumance_V1_Operator.Method.Cancel.descriptor,
  ]

  static func gates(_ trust: PeerTrust) -> [ConditionalInterceptor<any ServerInterceptor>] {
    let peer: Set<ServiceDescriptor> = [Transhumance_V1_Peer.descriptor]
    return [
      .apply(PeerGate(trust, roles: [.host]), to: .services(peer)),
      .apply(PeerGate(trust, roles: [.host, .operator]), to: .methods(passedOn)),
      .apply(PeerGate(trust, roles: [.operator]), to: .allExcluding(services: peer, methods: passedOn)),
    ]
  }
}

extension PeerTrust {
  // Not inlined: swift 6.3.1's optimizer crashes where it splits an asynchronous function with more than one place that
  // throws a typed error.

  /// The host or operator that calls.
  @inline(never) func caller(_ context: ServerContext) throws -> Identity { try peer(of: context).identity }

  /// Ends whatever needs somebody who isn't trusted any more.
  @inline(never) func require(_ peer: Peer) throws { try check(peer) }
}

extension RPCError {
  /// A host has spoken for another.
  static func foreign(_ text: String) -> RPCError { RPCError(code: .permissionDenied, message: text) }
}
