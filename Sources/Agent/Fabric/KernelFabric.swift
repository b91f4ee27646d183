internal import Moves

struct KernelFabric: FabricKernel {
  func actual() throws -> ActualFabric { ActualFabric() }
  func apply(_ changes: [FabricChange]) throws -> [String] { [] }
}
