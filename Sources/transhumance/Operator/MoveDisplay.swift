import Foundation
import Model
import Synchronization
import Wire

/// What an operator sees while a VM moves: a line a step, and a bar of the copying where there is a terminal.
final class MoveDisplay: Sendable {
  private let vm: String
  private let quiet: Bool
  private let visible = Mutex(false)

  init(vm: String, quiet: Bool) {
    self.vm = vm
    self.quiet = quiet
  }

  func show(_ progress: MigrateProgress) {
    switch progress.progress {
    case .step(let step): say(MoveTimeline.words[step.step] ?? step.step)
    case .copy(let copy): draw(copy)
    case .preflight, .finished, nil: break
    }
  }

  func say(_ text: String) {
    guard !quiet else { return }
    end()
    Terminal.printLine("\(vm): \(text)")
  }

  /// Wipes the bar away.
  func end() {
    visible.withLock { visible in
      if visible { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
      visible = false
    }
  }

  private func draw(_ copy: Transhumance_V1_CopyProgress) {
    guard !quiet, Terminal.errorIsTerminal, copy.totalBytes > 0 else { return }
    let share = 1 - min(1, Double(copy.remainingBytes) / Double(copy.totalBytes))
    let filled = Int(share * 24)
    var line = "\r\u{1b}[K\(vm)  [" + String(repeating: "=", count: filled) + String(repeating: " ", count: 24 - filled)
    line += "] round \(copy.rounds), \(Text.bytes(Double(copy.remainingBytes))) left"
    if copy.dirtyMibPerSecond > 0 { line += ", dirtied \(Text.significant(copy.dirtyMibPerSecond)) MiB/s" }
    if copy.bandwidthMibPerSecond > 0 {
      let seconds = Double(copy.remainingBytes) / 0x1p20 / copy.bandwidthMibPerSecond
      line += ", about \(Text.duration(seconds))"
    }
    visible.withLock { visible in
      visible = true
      FileHandle.standardError.write(Data(line.utf8))
    }
  }
}

/// The steps of a move with the time that each took.
struct MoveTimeline {
  let text: String

  /// What each step is, in the words of the six steps of live migration between sites.
  static let words = [
    "planned": "planned", "approved": "approved",
    "reserved": "reservation: the destination holds CPU, memory and network",
    "copying": "iterative copy of pages while it runs",
    "stopped": "stop and copy: the rest while it stands still",
    "redirected": "redirection: frames go to the destination",
    "active": "activation: it runs at the destination",
    "networkUpdated": "network update: every host knows",
    "done": "done", "cancelled": "cancelled: it stays", "rolledBack": "rolled back: it runs where it was",
    "failed": "failed",
  ]

  init(_ report: MoveReport) {
    guard let start = report.steps.first?.at else {
      text = "\(report.vm): \(report.result), \(report.reason)\n"
      return
    }
    var table = TextTable([("AFTER", .right), ("STEP", .left), ("", .left)])
    for step in report.steps {
      table.append([Text.duration(Double(step.at - start) / 1e9), step.step, Self.words[step.step] ?? ""])
    }
    var lines = table.rendered()
    let by = report.by.isEmpty ? "" : ", by \(report.by)"
    lines += "\n\(report.vm) from \(report.from) to \(report.to)\(by): \(report.result)"
    if !report.reason.isEmpty { lines += ", \(report.reason)" }
    lines += "\ntotal \(Text.duration(report.totalSeconds))"
    if report.result == "done" {
      lines += ", down \(Text.duration(report.downtimeSeconds))"
      if report.hasGapSeconds { lines += ", silent on the network \(Text.duration(report.gapSeconds))" }
    }
    lines += ", \(Text.bytes(Double(report.transferBytes))) in \(report.rounds) round\(report.rounds == 1 ? "" : "s")\n"
    text = lines
  }
}
