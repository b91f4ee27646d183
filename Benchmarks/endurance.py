#!/usr/bin/env python3
"""Moves in a row of the eight guests of the lab that `lab up` makes without a file, in turns and under their own traffic.

Before and after, with every guest at home: processes, and per host the agent's file descriptors and threads,
interfaces, FDB and permanent neighbour entries. Exit code 1 where a move isn't done, a guest is lost or booted anew, a
connection was reset, a byte was wrong, or something but threads is more than before. Needs root.
"""
import argparse
import collections
import sys
import time

import measured_lab
from measured_lab import wait_for_work, work

HOSTS = ["a1", "a2", "b1", "b2"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=50, help="(default: %(default)s)")
    parser.add_argument("--transhumance", default=".build/release/transhumance", metavar="PATH",
                        help="the executable (default: %(default)s)")
    options = parser.parse_args()
    with measured_lab.Lab(options.transhumance, None) as lab:
        home = {name: vm["host"] for name, vm in lab.vms().items()}
        wait_for_work(home)
        before, iterations = census(lab), {vm: work(vm)[0] for vm in home}
        results = collections.Counter()
        here = dict(home)
        for number in range(options.moves):
            vm = sorted(here)[number % len(here)]
            goal = HOSTS[(HOSTS.index(here[vm]) + 2) % len(HOSTS)]   # at the other site
            result = lab.migrate(vm, goal)["result"]
            results[result] += 1
            if result == "done":
                here[vm] = goal
        lab.all_home(home)
        time.sleep(15)   # what is noted and forwarded for some seconds after a move
        after = census(lab)
        found = lab.vms()
        now = {vm: work(vm) for vm in home}
    print("| | before | after |\n| --- | --- | --- |")
    for name in before:
        print(f"| {name} | {show(before[name])} | {show(after[name])} |")
    running = sum(vm["state"] == "running" and vm["host"] == home[name] for name, vm in found.items())
    spoilt = {vm: counts for vm, counts in now.items() if counts[1:] != [0, 0, 1] or counts[0] <= iterations[vm]}
    print(f"\n{dict(results)} of {options.moves} moves; {running} of {len(home)} VMs run at home; "
          f"{'no connection reset, no wrong byte, no new boot' if not spoilt else f'SPOILT: {spoilt}'}.")
    more = [name for name in before if name != "threads" and
            any(after[name][host] > before[name][host] for host in before[name])]
    if more:
        print(f"MORE THAN BEFORE: {', '.join(more)}")
    sys.exit(1 if more or spoilt or running < len(home) or results["done"] < options.moves else 0)


def census(lab):
    """Counts by name and host; processes are the whole lab's."""
    processes = [line for line in lab.inside("a1", "ps", "-eo", "pid,ppid,args").splitlines()[1:]
                 if line.split()[1] != "0" or line.split()[0] == "1"]
    census = {"processes": {"all": sum(" ps -eo" not in line for line in processes)}}
    for host in HOSTS:
        agent = next(line.split()[0] for line in processes if f"host --name {host} " in line)
        numbers = lab.shell(host, f"ls /proc/{agent}/fd | wc -l; ip -o link | wc -l; bridge fdb show | wc -l; "
                            f"ip neigh show nud permanent | wc -l; ls /proc/{agent}/task | wc -l").split()
        for name, number in zip(("descriptors", "interfaces", "FDB", "neighbours", "threads"), numbers):
            census.setdefault(name, {})[host] = int(number)
    return census


def show(counts):
    return ", ".join(f"{host} {number}" for host, number in counts.items())


if __name__ == "__main__":
    main()
