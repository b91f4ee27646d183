"""Replays recorded transfers with some ranks further away: the third model of predict.py. Standard library only.

A rank does what it did, in the order in which it did it: what came before a transfer was sent has to come before it
again, and the time between its last event and the transfer passes again. As LogGOPSim (T. Hoefler, T. Schneider and A.
Lumsdaine, HPDC 2010) and Dimemas (R. Badia et al., Dimemas: predicting MPI applications behavior in grid environments,
2003) replay traces; those were made by the MPI library, which knows what a rank waits for. Packets don't say it: that
something came before a transfer was sent doesn't mean that it was waited for.
"""
import collections
import heapq

from transfers import HOP, TRANSFER_IN, TRANSFER_OUT


class Replay:
    """What ranks did: transfers they sent, and heard of, in their order."""

    def __init__(self, events):
        self.ranks = collections.defaultdict(list)
        complete = set()
        for event in events:
            if event.kind == TRANSFER_OUT:
                self.ranks[event.rank].append((event.time, event.transfer, True))
            elif event.kind == TRANSFER_IN and event.transfer not in complete:
                complete.add(event.transfer)
                self.ranks[event.rank].append((event.time, event.transfer, False))
        self.start = min(steps[0][0] for steps in self.ranks.values())

    def pairs_across(self, left, right):
        """The pairs that sent each other anything, one on each side."""
        pairs = {frozenset((rank, transfer.destination if is_out else transfer.source))
                 for rank, steps in self.ranks.items() for _, transfer, is_out in steps}
        return [pair for pair in pairs if pair & left and pair & right]

    def nanoseconds(self, left, delays, bandwidth=None):
        """How long it takes, from the first transfer to the last arrival.

        `delays`: one way, in nanoseconds, by pair, where it crosses; `left`: the ranks of one side. `bandwidth`, in IP
        bytes per second, is that of one direction across, in which one transfer follows the other.
        """
        per_byte = 1e9 / bandwidth if bandwidth else 0
        free = {True: self.start, False: self.start}
        arrivals, waiting, ready = {}, {}, []
        # Of each rank: the next step, the time now, and the time of its last step in the record.
        state = {rank: (0, self.start, self.start) for rank in self.ranks}

        def advance(rank):
            """As far as the next transfer to send, or one that hasn't been sent yet."""
            place, now, recorded = state[rank]
            for place in range(place, len(self.ranks[rank])):
                time, transfer, is_out = self.ranks[rank][place]
                if is_out:
                    heapq.heappush(ready, (now + max(0, time - recorded), rank))
                    break
                if transfer not in arrivals:
                    waiting[transfer] = rank
                    break
                now = max(now, arrivals[transfer])
                recorded = max(recorded, time)
            else:
                place = len(self.ranks[rank])
            state[rank] = place, now, recorded

        for rank in self.ranks:
            advance(rank)
        end = self.start
        while ready:
            now, rank = heapq.heappop(ready)
            place, _, recorded = state[rank]
            time, transfer, _ = self.ranks[rank][place]
            state[rank] = place + 1, now, max(recorded, time)
            done = now + transfer.end - transfer.start
            pair = frozenset((transfer.source, transfer.destination))
            if pair in delays:
                leaves = transfer.source in left
                free[leaves] = max(free[leaves], now) + transfer.ip_bytes * per_byte
                done = max(done, free[leaves]) + delays[pair]
            arrivals[transfer] = done + HOP
            end = max(end, done + HOP)
            if transfer in waiting:
                advance(waiting.pop(transfer))
            advance(rank)
        return end - self.start
