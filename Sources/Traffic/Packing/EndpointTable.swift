internal import Model

/// The endpoints of a period's rows, by number. Periods in a row commonly share one: their numbers are the same then.
public final class EndpointTable: Sendable {
  /// Ascending, each once.
  let endpoints: [Endpoint]
  /// In memory, with names that are longer than fit into a string itself.
  let byteCount: Int

  /// - Parameter endpoints: ascending, each once.
  init(sorted endpoints: [Endpoint]) {
    self.endpoints = endpoints
    byteCount = endpoints.reduce(endpoints.count * MemoryLayout<Endpoint>.stride) { $0 + $1.heapBytes }
  }

  static let empty = EndpointTable(sorted: [])

  var count: Int { endpoints.count }

  func number(of endpoint: Endpoint) -> Int? {
    var (low, high) = (0, endpoints.count)
    while low < high {
      let middle = (low + high) / 2
      if endpoints[middle] < endpoint { low = middle + 1 } else { high = middle }
    }
    return low < endpoints.count && endpoints[low] == endpoint ? low : nil
  }

  /// One with all endpoints of all of them.
  static func union(_ tables: [EndpointTable]) -> EndpointTable {
    var distinct: [EndpointTable] = []
    for table in tables where !distinct.contains(where: { $0 === table }) { distinct.append(table) }
    guard let first = distinct.first else { return .empty }
    return distinct.dropFirst().reduce(first) { $0.union($1) }
  }

  private func union(_ other: EndpointTable) -> EndpointTable {
    var merged: [Endpoint] = []
    merged.reserveCapacity(max(count, other.count))
    var (left, right) = (endpoints[...], other.endpoints[...])
    while let one = left.first, let two = right.first {
      if one == two {
        left.removeFirst()
        merged.append(right.removeFirst())
      } else {
        merged.append(one < two ? left.removeFirst() : right.removeFirst())
      }
    }
    merged += left
    merged += right
    return merged.count == count ? self : EndpointTable(sorted: merged)
  }

  /// The number in another table of each endpoint here, which has all of them; nil: the same.
  func numbers(in other: EndpointTable) -> [UInt32]? {
    guard other !== self else { return nil }
    var numbers: [UInt32] = []
    numbers.reserveCapacity(count)
    var next = 0
    for endpoint in endpoints {
      while other.endpoints[next] < endpoint { next += 1 }
      numbers.append(UInt32(next))
    }
    return numbers
  }
}

// MARK: - Bytes

extension EndpointTable {
  /// Of each name what differs from the one before it.
  func write(to writer: inout PackedWriter) {
    writer.write(UInt64(count))
    var last: [UInt8] = []
    for endpoint in endpoints {
      switch endpoint {
      case .address(let address):
        let octets = address.octets
        writer.bytes.append(UInt8(octets.count))
        writer.bytes += octets
      case .name(let name):
        let text = Array(name.utf8)
        let shared = zip(last, text).prefix { $0 == $1 }.count
        writer.bytes.append(0)
        writer.write(UInt64(shared))
        writer.write(UInt64(text.count - shared))
        writer.bytes += text[shared...]
        last = text
      }
    }
  }

  convenience init(from reader: inout PackedReader) throws(PackingError) {
    let count = try reader.count(atMost: reader.rest)
    var endpoints: [Endpoint] = []
    endpoints.reserveCapacity(count)
    var last: [UInt8] = []
    for _ in 0..<count {
      let kind = try reader.byte()
      let endpoint: Endpoint
      if kind == 0 {
        let shared = try reader.count(atMost: last.count)
        let rest = try reader.take(try reader.count(atMost: reader.rest))
        last = Array(last[..<shared]) + rest
        endpoint = .name(String(decoding: last, as: UTF8.self))
      } else {
        guard let address = IPAddress(octets: try reader.take(Int(kind))) else {
          throw PackingError("an address of \(kind) octets")
        }
        endpoint = .address(address)
      }
      if let before = endpoints.last, !(before < endpoint) { throw PackingError("endpoints out of order") }
      endpoints.append(endpoint)
    }
    self.init(sorted: endpoints)
  }
}

extension Endpoint {
  /// Of its name, where that isn't within: a header of 32 bytes, the text and an end, in steps of 16.
  fileprivate var heapBytes: Int {
    guard case .name(let name) = self, name.utf8.count > 15 else { return 0 }
    return (32 + name.utf8.count + 16) & ~15
  }
}
