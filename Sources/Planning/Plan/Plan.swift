public import Model

/// What to do with an application: moves, a first placement, nothing, or why nothing is possible. The document of
/// `plan` and `place`.
///
/// Seconds, bytes (of memory and disks as they cross the network) and watts are what the names say; money is in the
/// prices' currency.
public struct Plan: Sendable {
  public enum Decision: String, Hashable, Sendable, Encodable {
    /// Moves gain enough, or mend a placement that breaks a constraint.
    case move
    /// Nothing to do: no placement gains enough.
    case stay
    /// A first placement.
    case place
    /// No placement satisfies the constraints.
    case infeasible
  }

  public var decision: Decision
  /// Why, in words.
  public var reason: String
  public var objective: Objective
  /// Whether it has no end: then `before` and `after` speak of 24 hours.
  public var isService: Bool
  /// The instant that windows and the deadline were counted from.
  public var at: Timestamp
  /// Host of each VM; empty where infeasible.
  public var placement: [String: String]
  /// In the order in which they start. A VM that is set aside on the way has two.
  public var moves: [Move]
  /// Their timeline; nil where there are none, or no order of them.
  public var schedule: Schedule?
  /// Whether every step of that order fits.
  public var orderable: Bool
  /// Why not, where there is no such order.
  public var orderReason: String?
  /// What moves later, since a site closes or opens; `after` counts it in.
  public var next: [LaterMove] = []
  /// The present placement; nil for a first placement.
  public var before: Outcome?
  /// The advised placement; nil where infeasible.
  public var after: Outcome?
  public var solution: Solution
  /// Where infeasible: constraints that can't be satisfied together, none of which could be left out; in words, with
  /// figures.
  public var clash: [String]
  /// When the run ends, and how far off that may be; of a service nothing is chosen.
  public var forecast: RunForecast
  /// Seconds until what moves now has saved what it costs; nil where nothing moves, where the present placement has to
  /// be mended, and in a plan in stages.
  public var payBackSeconds: Double?
  /// What moves now are to save of the run time; nil where nothing moves, and in a plan in stages.
  public var saves: Saving?
  /// What isn't seen of the application.
  public var view: PartialView
  /// What the reader should know about the figures that the plan stands on.
  public var warnings: [String]
  /// What was taken to be otherwise than the documents say, as it was asked for.
  public var assumptions: [String] = []
  /// What else could be had of cost and time; nil where it wasn't asked for.
  public var frontier: Frontier?
  /// Every term of the formulas, at the present and at the advised placement.
  public var explanation: Explanation
  /// σ at `placement`; where others follow it, that of `after` is the mean. Nil where infeasible.
  public var placementSlowdown: Double?
  /// Whether VMs may be left where they are for now, with whatever moves later; else the present placement has to be
  /// mended at once.
  public var canStay = false

  /// One VM that moves, live, from host to host.
  public struct Move: Hashable, Sendable, Encodable {
    public var vm: String
    public var from: String
    public var to: String
    /// What the move is for, in words.
    public var why: String
    /// Whole. These three are those of the move with the links to itself.
    public var transferBytes: Double
    public var transferSeconds: Double
    public var downtimeSeconds: Double
    /// From 1.
    public var order: Int
    /// Seconds from the beginning of all moves, as links are shared; nil where there is no order.
    public var startSeconds: Double?
    public var endSeconds: Double?
    /// Moves, by their `order`, that must have ended before this one starts, beyond what those before it wait for. Each
    /// starts after those before it.
    public var after: [Int]
  }

  /// All moves together, as they are timed.
  public struct Schedule: Hashable, Sendable, Encodable {
    /// From the first start to the last end.
    public var seconds: Double
    /// No schedule of these moves is shorter.
    public var leastSeconds: Double
    /// Of the application's own traffic, between sites, meanwhile; and their price.
    public var crossingBytes: Double
    public var crossingCost: Double
    /// VMs that are set aside on another host, and what that adds to the price of the moves and to downtimes.
    public var detours: Int
    public var detourCost: Double
    public var detourDowntimeSeconds: Double
  }

  /// A move that isn't to be made before an instant.
  public struct LaterMove: Hashable, Sendable, Encodable {
    public var move: Move
    /// What it costs: its bytes, and the old place while it lasts.
    public var cost: Double
    public var notBefore: Timestamp
    /// When the VM has to be gone; nil: no site closes.
    public var by: Timestamp?
  }

  /// What a placement means for the remaining run (a service: for 24 hours).
  public struct Outcome: Hashable, Sendable, Encodable {
    /// T and the downtimes of the moves.
    public var seconds: Double
    /// σ: run time relative to that at the present placement (first placement: on speed 1.0, never waiting).
    public var slowdown: Double
    /// Of the hosts in use.
    public var watts: Double
    public var cost: Cost

    public struct Cost: Hashable, Sendable, Encodable {
      public var hosting: Double
      public var egress: Double
      public var migration: Double
      public var total: Double
    }
  }

  /// What is known of the search behind a plan.
  public struct Solution: Hashable, Sendable {
    public var method: String
    /// Whether no better placement exists (infeasible: that none exists).
    public var proven: Bool
    /// By how much, as a share of the objective's value, a better placement could be below it at most; nil: not known.
    public var gap: Double?
  }
}
