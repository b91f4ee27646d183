import CGuest

/// Calls that wait until all is done, for the clients.
extension Socket {
  func sendAll(_ buffer: [UInt8]) throws(Failure) {
    var sent = 0
    while sent < buffer.count {
      switch send(buffer, from: sent, count: buffer.count - sent) {
      case .bytes(let count): sent += count
      case .later: wait(for: POLLOUT, milliseconds: nil)
      case .ended: throw Failure("the connection is closed")
      case .failed(let code): throw Failure("sending", code)
      }
    }
  }

  func receiveAll(_ buffer: inout [UInt8]) throws(Failure) {
    var received = 0
    while received < buffer.count {
      switch receive(&buffer, from: received, count: buffer.count - received) {
      case .bytes(let count): received += count
      case .later: wait(for: POLLIN, milliseconds: nil)
      case .ended: throw Failure("the peer closed the connection")
      case .failed(let code): throw Failure("receiving", code)
      }
    }
  }

  /// What comes before the end of the line, or of the connection.
  func receiveLine() throws(Failure) -> String {
    var line: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !line.contains(10) {
      switch receive(&buffer, from: 0, count: buffer.count) {
      case .bytes(let count): line += buffer[..<count]
      case .later: wait(for: POLLIN, milliseconds: nil)
      case .ended:
        guard !line.isEmpty else { throw Failure("the peer closed the connection without an answer") }
        return String(decoding: line, as: UTF8.self)
      case .failed(let code): throw Failure("receiving", code)
      }
    }
    return String(decoding: line.prefix { $0 != 10 }, as: UTF8.self)
  }

  /// Waits until that time of the monotonic clock.
  func wait(for events: Int32, until nanoseconds: UInt64) -> Bool {
    let now = Monotonic.nanoseconds
    let left = nanoseconds > now ? nanoseconds - now : 0
    var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return unsafe ppoll(&entry, 1, &time, nil) > 0
  }

  func receiveDatagram(_ buffer: inout [UInt8]) -> (count: Int, sender: SocketAddress)? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let capacity = buffer.count
    let count = unsafe withUnsafeMutablePointer(to: &storage) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe recvfrom(descriptor, &buffer, capacity, 0, $0, &length)
      }
    }
    return count >= 0 ? (count, SocketAddress(storage, length: length)) : nil
  }

  /// False: the kernel didn't take it.
  @discardableResult
  func sendDatagram(_ buffer: [UInt8], count: Int, to address: SocketAddress) -> Bool {
    unsafe address.withPointer { unsafe sendto(descriptor, buffer, min(count, buffer.count), 0, $0, $1) } == count
  }
}
