import Model

extension Application {
  /// Which VMs are planned around since somebody else moves them; a sentence for each manager.
  var managersInWords: [String] {
    Dictionary(grouping: vms.filter { $0.managedBy != nil }) { $0.managedBy ?? "" }
      .sorted { $0.key < $1.key }
      .map { manager, vms in
        "\(Words.list(vms.map(\.name))) \(vms.count == 1 ? "isn't" : "aren't") moved: managed by \(manager)"
      }
  }
}
