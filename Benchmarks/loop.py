#!/usr/bin/env python3
"""The whole loop, from packets to moves, in the lab of `make demo`:

demos      several demos in a row: gains, and what guests noticed
kills      a demo during which controller and agents are killed (SIGKILL) at random instants
converged  an application that is where it should be, watched for some periods: no plan, no move

Exit code 1 where a connection was reset, a guest restarted or doubled, a period counted twice, or a converged
application moved. Needs root, and no lab.
"""
import argparse
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Demo"))
from guests import Guests  # noqa: E402
from program import document, run  # noqa: E402

VMS = [f"vm{number}" for number in range(1, 9)]
PARTS = {"controller": r" controller --federation /run/transhumance/lab/",
         **{host: rf" host --name {host} --lab /run/transhumance/lab/" for host in ("a1", "a2", "b1", "b2")}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=["demos", "kills", "converged"])
    parser.add_argument("--demos", type=int, default=5, help="(default: %(default)s)")
    parser.add_argument("--kills", type=int, default=10, help="of each part, over all demos (default: %(default)s)")
    parser.add_argument("--periods", type=int, default=20, help="(default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the instants (default: %(default)s)")
    options = parser.parse_args()
    good = True
    for case in options.cases:
        good &= {"demos": demos, "kills": kills, "converged": converged}[case](options)
    sys.exit(0 if good else 1)


def demos(options):
    print("| demo | seconds | before | after | gain | expected | guests' share | 2nd gain | expected | moves | lost | faults |")
    print("| --- " * 12 + "|")
    good = True
    for number in range(options.demos):
        done = subprocess.run([sys.executable, "-B", ROOT / "Demo/demo.py"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        good &= row(number + 1, done.returncode, done.stdout)
    return good


def row(number, code, text):
    if code != 0:
        print(f"| {number} | FAILED ({code}): {' '.join(text.split()[-60:])} |", flush=True)
        return False
    summary = json.loads((ROOT / ".demo/summary.json").read_text())
    application, second = summary["application"], summary["second"]
    moves = summary["moves"] + second["moves"]
    faults = {key: application[key] for key in ("connectionsReset", "wrongBytes", "guestsRestarted", "notExactlyOnce")
              if application[key]}
    lost = [move["lostPackets"] for move in moves if move["lostPackets"] is not None]
    print(f"| {number} | {summary['seconds']} | {application['iterationsPerSecondBefore']} "
          f"| {application['iterationsPerSecondAfter']} | {application['gain']} | {summary['plan']['predictedGain']:.2f} "
          f"| {100 * application['guestsShareOfCoresAfter']:.0f} % | {second['gain']} | {second['plan']['predictedGain']:.2f} "
          f"| {len(moves)} (third act: {summary['third']['moves']}) | {sum(lost)} | {faults or 'none'} |", flush=True)
    return not faults and summary["third"]["moves"] == 0


def kills(options):
    """Instants are drawn over demos in a row until each part has been killed often enough."""
    random.seed(options.seed)
    left, good = {part: options.kills for part in PARTS}, True
    print("| demo | killed | outcome |\n| --- | --- | --- |")
    number = 0
    while any(left.values()) and number < 3 * options.kills:
        number += 1
        struck, periods = [], {}
        demo = subprocess.Popen([sys.executable, "-B", ROOT / "Demo/demo.py"], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        begun, due = time.monotonic(), 40 + random.uniform(0, 20)
        guests = None
        while demo.poll() is None:
            time.sleep(0.5)
            seconds = time.monotonic() - begun
            if guests is None and os.path.exists("/run/transhumance/lab/console/vm8.log"):
                guests = Guests(VMS)
            if seconds < due or not any(left.values()):
                continue
            periods |= counted()
            part = random.choice([part for part in PARTS if left[part]])
            if strike(part):
                left[part] -= 1
                struck.append(f"{part} at {seconds:.0f} s")
            due = seconds + random.uniform(10, 40)
        text = demo.stdout.read()
        fine = demo.returncode == 0
        twice = doubled(periods)
        outcome = "went on to its end" if fine else f"FAILED ({demo.returncode}): {' '.join(text.split()[-60:])}"
        if guests:
            guests.end()
            if guests.resets or guests.corrupt or guests.restarts:
                outcome += f"; GUESTS DISTURBED: {guests.faults} {guests.restarts}"
                fine = False
        partial = sum(not period["complete"] for period in periods.values())
        outcome += f"; {len(periods)} periods, {partial} of them marked incomplete, " + (
            f"COUNTED TWICE: {twice}" if twice else "none counted twice")
        print(f"| {number} | {', '.join(struck)} | {outcome} |", flush=True)
        good &= fine and not twice
        if not fine and not struck:
            return False   # it fails by itself
    return good


def strike(part):
    """Kills the lab's own process of that part."""
    for folder in os.listdir("/proc"):
        try:
            words = pathlib.Path(f"/proc/{folder}/cmdline").read_bytes().replace(b"\0", b" ").decode() if folder.isdigit() else ""
        except OSError:
            continue
        if "lab-part" not in words and re.search(PARTS[part], " " + words):
            os.kill(int(folder), 9)
            return True
    return False


def counted():
    """The periods that the controller has now, by their start."""
    try:
        return {period["start"]: period
                for period in document("query", "--last", "40", "--approximate", "--answer", "detail")["periods"]}
    except Exception:   # it is away, or has none yet
        return {}


def doubled(periods):
    """Periods in which a pair sent far more than in any of the others that are alike: counted twice would be double."""
    sums = {start: sum(pair["packets"] for pair in period["pairs"]) for start, period in periods.items() if period["complete"]}
    if len(sums) < 4:
        return []
    # After moves an application is about three times as fast, which is no doubling of one period between its neighbours.
    starts, found = sorted(sums), []
    for before, here, after in zip(starts, starts[1:], starts[2:]):
        if min(sums[before], sums[after]) > 0 and sums[here] > 1.8 * max(sums[before], sums[after]):
            found.append(here)
    return found


def converged(options):
    run("lab", "up", str(ROOT / "Demo/lab.yaml"), "--period", "10", seconds=240)
    guests = Guests(VMS)
    try:
        run("apply", "-f", str(ROOT / "Demo/application.yaml"), "--mode", "automatic")
        deadline = time.monotonic() + 240
        while not any(plan["state"] == "done" for plan in document("get", "plans")["plans"]):
            if time.monotonic() > deadline:
                print("converged: NO PLAN was carried out in 240 s")
                return False
            time.sleep(2)
        time.sleep(10)
        before = (len(document("get", "plans")["plans"]), len(document("get", "moves")["moves"]))
        rates, start = [], time.monotonic()
        for _ in range(options.periods):
            time.sleep(10)
            rates.append(guests.rate(1, time.monotonic() - 10, time.monotonic()))
        after = (len(document("get", "plans")["plans"]), len(document("get", "moves")["moves"]))
        reason = document("get", "applications")["applications"][0]["reason"]
        print(f"converged: {options.periods} periods, {after[0] - before[0]} plans, {after[1] - before[1]} moves; "
              f"{statistics.mean(rates):.2f} iterations/s, guests take {100 * guests.load(start, time.monotonic()):.0f} % of "
              f"the cores; the loop says: {reason}")
        return before == after and guests.resets == 0
    finally:
        guests.end()
        run("lab", "down")


if __name__ == "__main__":
    main()
