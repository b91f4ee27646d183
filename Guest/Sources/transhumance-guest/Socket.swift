import CGuest

/// A socket that is closed when its owner lets go of it. Never blocks but in `wait`.
final class Socket {
  let descriptor: Int32

  enum Transfer {
    case bytes(Int)
    case later
    /// The peer said that nothing more comes.
    case ended
    case failed(Int32)
  }

  init(owning descriptor: Int32) {
    self.descriptor = descriptor
    // Messages go out when they are written (RFC 896's wait would add the path's latency to each exchange).
    set(IPPROTO_TCP, TCP_NODELAY, 1)
  }

  convenience init(family: Int32, type: __socket_type) throws(Failure) {
    let descriptor = socket(family, Int32(type.rawValue), 0)
    guard descriptor >= 0 else { throw Failure("no socket", guest_errno()) }
    guest_prepare(descriptor)
    self.init(owning: descriptor)
  }

  deinit { close(descriptor) }

  /// A server's end on all addresses of this machine.
  static func bound(type: __socket_type, port: UInt16) throws(Failure) -> Socket {
    for any in ["::", "0.0.0.0"] {
      guard let address = SocketAddress(any, port: port),
        let socket = try? Socket(family: address.family, type: type)
      else { continue }
      socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
      // What waited at the tap while the guest stood still comes at once; the default holds 92 small datagrams of it.
      if type == SOCK_DGRAM { socket.set(SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20) }
      guard unsafe address.withPointer({ unsafe bind(socket.descriptor, $0, $1) }) == 0 else {
        throw Failure("port \(port)", guest_errno())
      }
      guard type == SOCK_DGRAM || listen(socket.descriptor, 16) == 0 else {
        throw Failure("port \(port)", guest_errno())
      }
      return socket
    }
    throw Failure("port \(port)", guest_errno())
  }

  func set(_ level: Int, _ option: Int32, _ value: Int32) { set(Int32(level), option, value) }

  func set(_ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Waits for the given events (`POLLIN`, `POLLOUT`), at most so long; nil: for ever. False: nothing happened.
  @discardableResult
  func wait(for events: Int32, milliseconds: Int?) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return unsafe poll(&entry, 1, Int32(milliseconds ?? -1)) > 0
  }

  func accepted() -> Int32? {
    let other = accept(descriptor, nil, nil)
    guard other >= 0 else { return nil }
    guest_prepare(other)
    return other
  }

  /// Who is at the other end.
  var peer: SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = unsafe withUnsafeMutablePointer(to: &storage) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getpeername(descriptor, $0, &length) }
    }
    return result == 0 ? SocketAddress(storage, length: length) : nil
  }

  func send(_ buffer: [UInt8], from start: Int, count: Int) -> Transfer {
    let sent = unsafe buffer.withUnsafeBytes { bytes in
      // In bounds: the range was checked by the slice.
      unsafe CGuest.send(descriptor, bytes[start..<(start + count)].rebased, count, Int32(MSG_NOSIGNAL))
    }
    return Self.transfer(sent)
  }

  func receive(_ buffer: inout [UInt8], from start: Int, count: Int) -> Transfer {
    guard count > 0 else { return .bytes(0) }
    let received = unsafe buffer.withUnsafeMutableBytes { bytes in
      // In bounds: the range was checked by the slice.
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start..<(start + count)])
      return unsafe recv(descriptor, part.baseAddress, count, 0)
    }
    return received == 0 ? .ended : Self.transfer(received)
  }

  private static func transfer(_ result: Int) -> Transfer {
    if result >= 0 { return .bytes(result) }
    let code = guest_errno()
    return code == EAGAIN || code == EINTR || code == ENOBUFS ? .later : .failed(code)
  }

  /// What went wrong with a connection being opened; 0: nothing.
  var pendingError: Int32 {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
    return code
  }
}

extension Slice<UnsafeRawBufferPointer> {
  fileprivate var rebased: UnsafeRawPointer? { unsafe UnsafeRawBufferPointer(rebasing: self).baseAddress }
}
