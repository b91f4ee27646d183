#!/usr/bin/env python3
"""The models of Benchmarks/predict.py, on captures made here: by hand, and beside what `analyze` counts.

  predictions.py [EXECUTABLE]      (default: .build/release/transhumance)
"""
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Benchmarks"))
import models
import predict
import transfers

EXECUTABLE = ".build/release/transhumance"
A, B, C, D = 1, 2, 3, 4
PUSH, ACKNOWLEDGE = 0x08, 0x10


def write(path, packets):
    """A capture of TCP segments: milliseconds, source, destination, and, unless 100 with PSH, payload and flags."""
    following = {}
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for time, source, destination, *more in packets:
            payload, flags = more or (100, PUSH)
            sequence = following.get((source, destination), 1)
            following[source, destination] = sequence + payload
            frame = bytes(12) + struct.pack(">H", 0x0800)
            frame += struct.pack(">BBHHHBBH4B4B", 0x45, 0, 40 + payload, 0, 0, 64, 6, 0,
                                 10, 0, 0, source, 10, 0, 0, destination)
            # The smaller rank has dialled.
            ports = (40000, 80) if source < destination else (80, 40000)
            frame += struct.pack(">HHIIBBHHH", *ports, sequence, 0, 0x50, flags | ACKNOWLEDGE, 65535, 0, 0)
            microseconds = round(time * 1000)
            seconds, part = divmod(microseconds, 10**6)
            file.write(struct.pack("<IIII", 100 + seconds, part, len(frame), 54 + payload))
            file.write(frame)


ASK = [(0, A, B), (1, B, A), (2, A, B), (3, B, A)]
SWAP = [(0, A, B), (1, B, A), (2, B, A), (3, A, B), (4, A, B), (5, B, A)]
# One hears three and then tells three.
GATHER = [(0, B, A), (0.1, C, A), (0.2, D, A), (1, A, B), (1.1, A, C), (1.2, A, D)]


class Models(unittest.TestCase):
    def events(self, packets):
        path = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) / "made.pcap"
        write(path, packets)
        return transfers.read_events(path)

    def crossings(self, model, packets, left={A}, right={B}):
        """With a second of delay and no bytes, in seconds: microseconds of the packets themselves aside."""
        return models.MODELS[model]({}, self.events(packets))(left, right, 1, 0)

    def test_waits_are_the_largest_sum(self):
        matrix = {(A, B): (0, 2), (B, A): (0, 1), (A, C): (0, 5), (C, A): (0, 5), (A, D): (0, 4)}
        extra = models.waits(matrix, [])
        self.assertEqual(extra({A, C}, {B, D}, 0.5, 0.25), 0.5 * (2 + 1 + 4) + 0.25)

    def test_rounds_by_hand(self):
        # A goes on once, B answers twice; A's least lag is 0, B's 1: who asks, and who answers.
        self.assertEqual(self.crossings("rounds", ASK), 3)
        # The least lag of both is 0, so both send at once: half of 1 + 2 rounds.
        self.assertEqual(self.crossings("rounds", SWAP), 1.5)

    def test_peers_are_waited_for_once(self):
        # A hears three and then tells three: a round with each. To the others together A answers once at the most.
        others = {B, C, D}
        self.assertEqual(self.crossings("rounds", GATHER, {A}, others), 3)
        self.assertEqual(self.crossings("peers", GATHER, {A}, others), 1)
        # With one peer across the two are the same.
        for packets in ASK, SWAP:
            self.assertEqual(self.crossings("peers", packets), self.crossings("rounds", packets))

    def test_who_swaps(self):
        pair = frozenset((A, B))
        self.assertEqual(models.pairs_that_swap(self.events(SWAP)), {pair})
        self.assertEqual(models.pairs_that_swap(self.events(ASK)), set())

    def test_replay_takes_every_transfer_in_the_way(self):
        self.assertAlmostEqual(self.crossings("replay", ASK), 4, delta=0.01)
        self.assertAlmostEqual(self.crossings("replay-swaps", ASK), 4, delta=0.01)
        # A's first, B's two, A's two, B's last: four crossings one after the other, each half a swap.
        self.assertAlmostEqual(self.crossings("replay", SWAP), 4, delta=0.01)
        self.assertAlmostEqual(self.crossings("replay-swaps", SWAP), 2, delta=0.01)

    def test_replay_overlaps_what_nobody_waits_for_in_turn(self):
        self.assertAlmostEqual(self.crossings("replay", GATHER, {A}, {B, C, D}), 2, delta=0.01)

    def test_replay_of_a_link(self):
        # 60 segments back to back one way, 1540 IP bytes each, to two ranks: the link takes one after the other.
        packets = [(0.001 * index, A, B if index % 2 else C, 1500, PUSH) for index in range(60)]
        longer = models.replay({}, self.events(packets))({A}, {B, C}, 0.01, 0)
        self.assertAlmostEqual(longer, 0.01 + 60 * 1540 / 125e6 - 59e-6, delta=3e-6)

    def test_events_are_those_that_analyze_counts(self):
        draw = random.Random(1)
        time, packets = 0, []
        for _ in range(4000):
            time += draw.choice([0.005, 0.04, 0.07, 0.2, 0.35, 2, 2, 1200])
            source, destination = draw.sample([A, B, C], 2)
            packets.append((time, source, destination, draw.choice([1, 100, 535, 1448, 1448]), draw.choice([0, PUSH])))
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        write(folder / "made.pcap", packets)
        run = subprocess.run([EXECUTABLE, "analyze", folder / "made.pcap", "--format", "json"],
                             stdout=subprocess.PIPE, check=True)
        rounds, turns, fresh = {}, {}, set()
        for event in transfers.read_events(folder / "made.pcap"):
            end = event.rank, event.peer
            is_message = event.kind in (transfers.MESSAGE_OUT, transfers.MESSAGE_IN)
            counts = rounds if is_message else turns
            if event.kind in (transfers.MESSAGE_IN, transfers.TRANSFER_IN):
                fresh.add((end, is_message))
            elif (end, is_message) in fresh:
                fresh.remove((end, is_message))
                counts[end] = counts.get(end, 0) + 1
        for row in json.loads(run.stdout)["pairs"]:
            end = predict.rank(row["destination"]), predict.rank(row["source"])
            self.assertEqual((rounds[end], turns[end]), (row["rounds"], row["turns"]), end)
        self.assertEqual(len(rounds), 6)


class Scores(unittest.TestCase):
    def test_percentile_lies_between_ranks(self):
        self.assertEqual(predict.percentile([4, 1, 2, 3], 0.5), 2.5)

    def test_order_counts_splits_that_differ(self):
        rows = [("p", "a", 1, 2.0, 2.1, 0), ("p", "b", 1, 3.0, 2.0, 0), ("p", "c", 1, 3.1, 3.0, 0),
                ("p", "a", 2, 9.0, 9.0, 0)]
        self.assertEqual(predict.order(rows), (1, ["p at 1000 ms: a, b"]))


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        EXECUTABLE = sys.argv.pop(1)
    unittest.main()
