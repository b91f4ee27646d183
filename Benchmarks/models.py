"""The models that predict.py compares. Standard library only.

A model is made from a matrix (IP bytes and waits by pair of ranks, source first) and the events of the capture
(transfers.py), which `waits` needs none of. It says how many seconds longer the captured part takes with the ranks
`left` and `right` on two sites: of the one-way delay, and of the time that the bytes across take on the link.
"""
import collections

from replay import Replay
from transfers import MESSAGE_IN, MESSAGE_OUT, SILENCE, TRANSFER_IN, TRANSFER_OUT

BYTES_PER_SECOND = 125e6
SENDS_PER_WINDOW = 64


def waits(matrix, _):
    """The product's: the largest sum, over ranks, of both rows' waits of its pairs across."""
    return by_sums({pair: waits for pair, (_, waits) in matrix.items()})


def rounds(_, events):
    """The same sum of what was counted before: rounds, windows and lag."""
    ends = collections.defaultdict(Rounds)
    for event in messages(events):
        ends[event.rank, event.peer].take(event)
    return by_sums({(peer, rank): crossings(end, ends[peer, rank]) for (rank, peer), end in list(ends.items())})


def peers(_, events):
    """Rounds against the set of peers across, as if they were one: the largest number over ranks."""
    exchanged = messages(events)

    def extra(left, right, delay, transfer):
        ends = collections.defaultdict(Rounds)
        for event in exchanged:
            if crosses(left, right, event.rank, event.peer):
                ends[event.rank, "all"].take(event)
                ends["all", event.peer].take(event)
        most = max(crossings(ends[rank, "all"], ends["all", rank]) + crossings(ends["all", rank], ends[rank, "all"])
                   for rank in left | right)
        return delay * most + transfer
    return extra


def replay(_, events):
    """A replay in which each transfer needs all that came before it, over a link of the given bandwidth."""
    record = Replay(events)

    def extra(left, right, delay, _):
        pairs = dict.fromkeys(record.pairs_across(left, right), delay * 1e9)
        longer = record.nanoseconds(left, pairs, BYTES_PER_SECOND) - record.nanoseconds(left, {})
        return longer / 1e9
    return extra


def replay_swaps(_, events):
    """A replay in which a swap costs one crossing, half of it each way. Bytes are added as in the models that count."""
    record = Replay(events)
    swapping = pairs_that_swap(events)

    def extra(left, right, delay, transfer):
        pairs = {pair: delay * 1e9 / (2 if pair in swapping else 1) for pair in record.pairs_across(left, right)}
        return (record.nanoseconds(left, pairs) - record.nanoseconds(left, {})) / 1e9 + transfer
    return extra


MODELS = {"waits": waits, "rounds": rounds, "peers": peers, "replay": replay, "replay-swaps": replay_swaps}


def by_sums(rows):
    def extra(left, right, delay, transfer):
        sums = dict.fromkeys(left | right, 0)
        for (source, destination), crossed in rows.items():
            if crosses(left, right, source, destination):
                sums[source] += crossed
                sums[destination] += crossed
        return delay * max(sums.values()) + transfer
    return extra


def crosses(left, right, one, other):
    return (one in left and other in right) or (one in right and other in left)


def messages(events):
    return [event for event in events if event.kind in (MESSAGE_IN, MESSAGE_OUT)]


class Rounds:
    """Rounds, windows and lag at one end (docs/waits.md)."""

    def __init__(self):
        self.rounds = self.windows = self.lag = 0
        self.is_fresh, self.latest = False, 0
        self.clear()

    def clear(self):
        self.sent = self.received = 0
        self.least = float("inf")

    def take(self, event):
        if event.time - self.latest > SILENCE:
            self.close()
        self.latest = event.time
        if event.kind == MESSAGE_IN:
            self.is_fresh = True
            self.received += 1
            return
        self.rounds += self.is_fresh
        self.is_fresh = False
        self.least = min(self.least, self.received - self.sent)
        self.sent += 1
        if self.sent == SENDS_PER_WINDOW:
            self.close()

    def close(self):
        if self.sent:
            self.windows += 1
            self.lag += max(-1, min(self.least, 1))
        self.clear()


def crossings(end, far_end):
    """What the end's rounds cost: half a crossing each if both send at once, a whole one if one answers the other."""
    lags = 0
    for side in (end, far_end):
        side.close()
        lags += side.lag / side.windows if side.windows else 0
    return end.rounds * (1 + max(0, min(lags, 1))) / 2


def pairs_that_swap(events):
    """By the rule of waits: more transfers matched beyond turns, both ends together, than runs."""
    evidence = collections.Counter()
    held, fresh, row = collections.Counter(), set(), {}
    for event in events:
        end = event.rank, event.peer
        pair = frozenset(end)
        if event.kind == TRANSFER_IN:
            held[end] = min(held[end] + 1, 2)
            fresh.add(end)
        elif event.kind == TRANSFER_OUT:
            evidence[pair] += (held[end] > 0) - (end in fresh)
            held[end] = max(held[end] - 1, 0)
            fresh.discard(end)
        if event.kind in (TRANSFER_IN, TRANSFER_OUT):
            way, length = row.get(end, (None, 0))
            length = length + 1 if way == event.kind else 1
            row[end] = event.kind, length
            evidence[pair] -= length == 3
    return {pair for pair, more in evidence.items() if more > 0}
