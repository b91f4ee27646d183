package import GRPCCore
internal import GRPCProtobuf

/// For the service that hosts call.
package struct HostMessageDeserializer: MessageDeserializer {
  package init() {}

  package func deserialize<Bytes: GRPCContiguousBytes>(_ serializedMessageBytes: Bytes) throws -> FromHost {
    do {
      return try FromHost(bounded: serializedMessageBytes.withUnsafeBytes { Array($0) })
    } catch let error as WireError {
      throw RPCError(code: .invalidArgument, message: error.description)
    } catch {
      throw RPCError(code: .invalidArgument, message: WireError.unreadable.description, cause: error)
    }
  }
}

extension ControllerAPI.StreamingServiceProtocol {
  /// As `registerMethods` does it that is generated, but for what reads messages.
  package func registerBoundedMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: ControllerAPI.Method.Connect.descriptor, deserializer: HostMessageDeserializer(),
      serializer: ProtobufSerializer<ToHost>()
    ) { request, context in
      try await self.connect(request: request, context: context)
    }
  }
}
