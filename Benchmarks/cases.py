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
import pathlib
import re
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ADDRESS = {"vm1": "192.168.77.1", "vm2": "192.168.77.2", "vm3": "192.168.78.3", "router": "192.168.77.4"}
RING = ("vm1", "vm2", "vm3")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transhumance", default=".build/release/transhumance", metavar="PATH",
                        help="the executable (default: %(default)s)")
    options = parser.parse_args()
    lab = Lab(options.transhumance)
    lab.run("lab", "up", str(HERE / "cases.yaml"), seconds=180)
    good = True
    try:
        lab.wait_for_work()
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
            row, isGood = lab.case(moves, user="vm1" if "external" in name or moves == [("vm1", "a1")] else None)
            good &= isGood
            print(f"| {name} | " + " | ".join(row) + " |", flush=True)
    finally:
        lab.run("lab", "down", seconds=60, check=False)
    sys.exit(0 if good else 1)


class Lab:
    def __init__(self, executable):
        self.executable = str(pathlib.Path(executable).resolve())
        prefix = pathlib.Path(self.executable).parent.parent
        self.guest_program = str(prefix / "libexec/transhumance/transhumance-guest")

    def call(self, *words, seconds=60):
        return subprocess.run(["timeout", "-k", "2", str(seconds), self.executable, *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)

    def run(self, *words, seconds=60, check=True):
        run = self.call(*words, seconds=seconds)
        if check and run.returncode != 0:
            raise RuntimeError(f"transhumance {' '.join(words)}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
        return run.stdout

    def places(self):
        return {vm["name"]: vm["host"] for vm in json.loads(self.run("get", "vms", "--format", "json"))["vms"]}

    def work(self):
        """Per guest of the ring: iterations, resets, corrupt, boots."""
        result = {}
        for vm in RING:
            text = pathlib.Path(f"/run/transhumance/lab/console/{vm}.log").read_text(errors="replace")
            lines = re.findall(r"iterations=(\d+) resets=(\d+).*corrupt=(\d+) boot=(\S+)", text)
            if lines:
                result[vm] = [int(lines[-1][0]), int(lines[-1][1]), int(lines[-1][2]), len({line[3] for line in lines})]
        return result

    def wait_for_work(self):
        for _ in range(60):
            if len(self.work()) == len(RING) and all(counts[0] > 0 for counts in self.work().values()):
                return
            time.sleep(1)
        raise RuntimeError(f"the ring doesn't begin: {self.work()}")

    def waken_holders(self):
        """They speak, so that whoever learns from frames has learnt where their addresses are."""
        for holder in ("holder1", "holder2", "holder3"):
            self.run("lab", "exec", holder, "--", "busybox", "ping", "-c", "2", "-W", "2", "10.99.2.1", check=False)

    def case(self, moves, user):
        before = self.work()
        talk = Talk(self, ADDRESS[user], 12) if user else None
        time.sleep(2 if user else 0)
        told = []
        for vm, host in moves:
            run = self.call("migrate", vm, "--to", host, "--format", "json", seconds=120)
            move = json.loads(run.stdout) if run.stdout else {"result": run.stderr.strip()}
            told.append(f"{vm} to {host}: {move['result']}, down {1000 * move.get('downtimeSeconds', 0):.0f} ms")
        time.sleep(3)
        after = self.work()
        alive = all(after[vm][0] > before[vm][0] and after[vm][1:] == [0, 0, 1] for vm in RING)
        connections = ", ".join(f"{vm} +{after[vm][0] - before[vm][0]}" for vm in RING) + \
            (" iterations, 0 resets" if alive else f" BROKEN: {after}")
        places = self.places()
        unreachable = [f"{one}–{other}" for one, other in itertools.permutations(ADDRESS, 2)
                       if not self.reaches(places[one], one, other)]
        pairs = f"UNREACHED: {', '.join(unreachable)}" if unreachable else f"{len(ADDRESS) * (len(ADDRESS) - 1)} of 12"
        answer = talk.answer() if talk else "–"
        good = alive and not unreachable and all(": done" in each for each in told) and (not talk or talk.is_good)
        return ("; ".join(told), connections, pairs, answer), good

    def reaches(self, host, one, other):
        text = self.run("lab", "exec", host, "--", self.guest_program, "request", ADDRESS[one], "talk", ADDRESS[other],
                        "--seconds", "1", "--pause-ms", "100", seconds=15, check=False)
        try:
            return json.loads(text)["messages"] > 0
        except (ValueError, KeyError, TypeError):
            return False


class Talk:
    """A connection of the external user's, with data both ways, for so many seconds."""

    def __init__(self, lab, address, seconds):
        def work():
            self.run = lab.call("lab", "exec", "user", "--", lab.guest_program, "talk", address, "--seconds",
                                str(seconds), "--pause-ms", "20", seconds=seconds + 20)
        self.run = None
        self.thread = threading.Thread(target=work)
        self.thread.start()

    def answer(self):
        self.thread.join()
        self.is_good = self.run.returncode == 0 and '"correct": true' in self.run.stdout
        return self.run.stdout.strip().replace("|", "/") if self.is_good else f"BROKEN: {self.run.stderr.strip()}"


if __name__ == "__main__":
    main()
