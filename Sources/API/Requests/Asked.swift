internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Model

/// What is asked, and who asks, by the beginning of a request.
struct Asked: Sendable {
  let route: Route
  let parameters: RequestParameters
  /// Nil: somebody without a token, who may ask for the controller's health alone.
  let caller: Caller?
  let head: HTTPRequest
  /// Of the other end.
  let address: String

  /// - Throws: 401, 403, 404, 405, and 400 for parameters.
  @inline(never) init(
    _ head: HTTPRequest, _ uri: URI, from address: String, by admission: Admission, at now: Timestamp
  ) throws {
    let route = Result { try Route(method: head.method.rawValue, path: uri.path) }
    (self.head, self.address) = (head, address)
    if case .success(.health) = route, head.headerFields[.authorization] == nil, case .tokens = admission {
      (self.route, caller) = (.health, nil)
    } else {
      // Strangers aren't told what there is.
      caller = try admission.admit(head, try? route.get(), from: address, at: now)
      self.route = try route.get()
    }
    parameters = try RequestParameters(uri.query)
  }
}
