#!/usr/bin/env python3
"""Three cases of a virtual cluster between clouds, in a lab of its own (cases.yaml): a part of it moves, all of it moves
(two subnets and the router VM between them), and a VM moves that an external user talks with through the site's gateway.
MAC and IP addresses of the guests are taken by other machines on the LAN of the hosts they move to.

The guests' ring has connections that are opened once (vm1, vm2 and, through the router, vm3): after each case its
iterations must have gone on, with no reset, no change of bytes and no new boot, and every pair must reach each other.
Exit code 1 where one doesn't hold. Needs root, as `transhumance lab up` does.
"""
import argparse
import itertools
import json
import sys
import time

import measured_lab
from measured_lab import Background, wait_for_work, work

ADDRESS = {"vm1": "192.168.77.1", "vm2": "192.168.77.2", "vm3": "192.168.78.3", "router": "192.168.77.4"}
RING = ("vm1", "vm2", "vm3")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transhumance", default=".build/release/transhumance", metavar="PATH",
                        help="the executable (default: %(default)s)")
    options = parser.parse_args()
    good = True
    with Lab(options.transhumance, "cases.yaml") as lab:
        wait_for_work(RING)
        lab.waken_holders()
        print("| case | moves | connections | pairs | user |\n| --- | --- | --- | --- | --- |")
        for name, moves in (
            ("part of the cluster moves", [("vm2", "b1")]),
            ("… and comes back", [("vm2", "a1")]),
            ("all of it moves, the router first", [("router", "b2"), ("vm1", "b1"), ("vm3", "b2"), ("vm2", "b1")]),
            ("… and comes back, the router last", [("vm2", "a1"), ("vm3", "a2"), ("vm1", "a1"), ("router", "a2")]),
            ("a VM with an external user moves", [("vm1", "b1")]),
            ("… and comes back", [("vm1", "a1")]),
        ):
            row, is_good = lab.case(moves, user="vm1" if "external" in name or moves == [("vm1", "a1")] else None)
            good &= is_good
            print(f"| {name} | " + " | ".join(row) + " |", flush=True)
    sys.exit(0 if good else 1)


class Lab(measured_lab.Lab):
    def work(self):
        return {vm: work(vm) for vm in RING}

    def waken_holders(self):
        """They speak, so that whoever learns from frames has learnt where their addresses are."""
        for holder in ("holder1", "holder2", "holder3"):
            self.run("lab", "exec", holder, "--", "busybox", "ping", "-c", "2", "-W", "2", "10.99.2.1", check=False)

    def case(self, moves, user):
        before = self.work()
        talking = Background(lambda: self.talk(ADDRESS[user], 12)) if user else None
        time.sleep(2 if user else 0)
        told = []
        for vm, host in moves:
            move = self.migrate(vm, host)
            told.append(f"{vm} to {host}: {move['result']}, down {1000 * (move.get('downtimeSeconds') or 0):.0f} ms")
        time.sleep(3)
        after = self.work()
        alive = all(after[vm][0] > before[vm][0] and after[vm][1:] == [0, 0, 1] for vm in RING)
        connections = ", ".join(f"{vm} +{after[vm][0] - before[vm][0]}" for vm in RING) + \
            (" iterations, 0 resets" if alive else f" BROKEN: {after}")
        vms = self.vms()
        unreachable = [f"{one}–{other}" for one, other in itertools.permutations(ADDRESS, 2)
                       if not self.reaches(vms[one]["host"], one, other)]
        pairs = f"UNREACHED: {', '.join(unreachable)}" if unreachable else f"{len(ADDRESS) * (len(ADDRESS) - 1)} of 12"
        user_is_good, answer = talking.wait(60) if talking else (True, "–")
        good = alive and not unreachable and all(": done" in each for each in told) and user_is_good
        return ("; ".join(told), connections, pairs, answer), good

    def reaches(self, host, one, other):
        text = self.run("lab", "exec", host, "--", self.guest_program, "request", ADDRESS[one], "talk", ADDRESS[other],
                        "--seconds", "1", "--pause-ms", "100", seconds=15, check=False)
        try:
            return json.loads(text)["messages"] > 0
        except (ValueError, KeyError, TypeError):
            return False

    def talk(self, address, seconds):
        """A connection of the external user's with data both ways: whether all came back right, and the answer."""
        run = self.call("lab", "exec", "user", "--", self.guest_program, "talk", address, "--seconds", str(seconds),
                        "--pause-ms", "20", seconds=seconds + 20)
        is_good = run.returncode == 0 and '"correct": true' in run.stdout
        return is_good, run.stdout.strip() if is_good else f"BROKEN: {run.stderr.strip()}"


if __name__ == "__main__":
    main()
