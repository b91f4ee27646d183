internal import FoundationEssentials

/// A parameter of a statement, as PostgreSQL's binary format has it: big-endian, with its type named.
enum PostgresValue: Sendable {
  case integer(Int64)
  case text(String?)
  case bytes(Data)
  case integers([Int64])
  case texts([String])
  case byteStrings([Data])

  /// From `pg_type.dat`, the same in all versions.
  private enum ObjectIdentifier {
    static let bytea: UInt32 = 17
    static let int8: UInt32 = 20
    static let text: UInt32 = 25
    static let byteaArray: UInt32 = 1001
    static let textArray: UInt32 = 1009
    static let int8Array: UInt32 = 1016
  }

  var type: UInt32 {
    switch self {
    case .integer: ObjectIdentifier.int8
    case .text: ObjectIdentifier.text
    case .bytes: ObjectIdentifier.bytea
    case .integers: ObjectIdentifier.int8Array
    case .texts: ObjectIdentifier.textArray
    case .byteStrings: ObjectIdentifier.byteaArray
    }
  }

  var isNull: Bool { if case .text(nil) = self { true } else { false } }

  func append(to bytes: inout [UInt8]) {
    switch self {
    case .integer(let value): bytes.append(bigEndian: value)
    case .text(let value): bytes += (value ?? "").utf8
    case .bytes(let value): bytes += value
    case .integers(let values):
      bytes.append(headOf: values.count, type: ObjectIdentifier.int8)
      for value in values {
        bytes.append(bigEndian: Int32(8))
        bytes.append(bigEndian: value)
      }
    case .texts(let values):
      bytes.append(headOf: values.count, type: ObjectIdentifier.text)
      for value in values { bytes.append(element: value.utf8) }
    case .byteStrings(let values):
      bytes.append(headOf: values.count, type: ObjectIdentifier.bytea)
      for value in values { bytes.append(element: value) }
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
    for shift in stride(from: Integer.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// `array_recv`: dimensions, whether there are nulls, the elements' type; of each dimension its size and lower bound.
  fileprivate mutating func append(headOf count: Int, type: UInt32) {
    append(bigEndian: Int32(count > 0 ? 1 : 0))
    append(bigEndian: Int32(0))
    append(bigEndian: type)
    guard count > 0 else { return }
    append(bigEndian: Int32(count))
    append(bigEndian: Int32(1))
  }

  fileprivate mutating func append(element: some Collection<UInt8>) {
    append(bigEndian: Int32(element.count))
    append(contentsOf: element)
  }
}
