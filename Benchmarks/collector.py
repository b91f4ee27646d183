#!/usr/bin/env python3
"""The controller as the system's memory, under the reports of emulated hosts (`emulated-hosts`, the agents' own client) over
gRPC with TLS 1.3 and certificates at both ends, with SQLite and with PostgreSQL:

load      lateness, memory and processor time under 100 hosts, 10⁴ VMs, 2·10⁵ pairs each 2 s
queries   over what `load` has left, or as much
growth    ten times as many pairs; bytes on disk
kills     the controller is killed (SIGKILL) at random instants
cluster   two controllers on one PostgreSQL: the leader is killed, or stopped (SIGSTOP) for longer than its lease
faults    hosts are killed, the link is cut, disks are full, PostgreSQL is started anew

    swift build -c release --product transhumance && swift build -c release --product emulated-hosts
    Benchmarks/collector.py [load] [queries] … [--stores sqlite] [--json]

Sums are compared with what follows from the traffic's seed, apart from any report. Exit code 1 where a bar isn't met.
`faults` needs root, for small file systems of its own.
"""
import argparse
import dataclasses
import json
import os
import random
import signal
import sys
import time

from collector_cases import Report, cluster, growth, kills, load
from collector_faults import faults
from collector_lab import Bench, Load, ROOT

CASES = ("load", "queries", "growth", "kills", "cluster", "faults")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"{', '.join(CASES)} (default: all)")
    parser.add_argument("--stores", nargs="+", choices=("sqlite", "postgres"), default=["sqlite", "postgres"])
    parser.add_argument("--build", default=str(ROOT / ".build/release"), metavar="FOLDER", help="(default: %(default)s)")
    parser.add_argument("--hosts", type=int, default=100, help="(default: %(default)s)")
    parser.add_argument("--vms", type=int, default=10_000, help="(default: %(default)s)")
    parser.add_argument("--pairs", type=int, default=200_000, help="a period, one a direction (default: %(default)s)")
    parser.add_argument("--period", type=int, default=2, help="seconds (default: %(default)s)")
    parser.add_argument("--count", type=int, default=120, help="periods; at most 120 are held (default: %(default)s)")
    parser.add_argument("--kills", type=int, help="of each store or cluster (default: 20, of a cluster 10)")
    parser.add_argument("--pauses", type=int, default=3, help="of a cluster's leader (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of traffic and instants (default: %(default)s)")
    parser.add_argument("--patient", action="store_true", help="bars on times are shown, and don't count")
    parser.add_argument("--json", action="store_true", help="print one document instead of a table")
    options = parser.parse_args()
    unknown = set(options.cases) - set(CASES)
    if unknown:
        parser.error(f"there is no case {', '.join(sorted(unknown))}; cases are {', '.join(CASES)}")
    if not 1 <= options.count <= 120:
        parser.error("--count is 1 to 120")
    cases = options.cases or list(CASES)
    if "faults" in cases and os.geteuid() == 0 and "COLLECTOR_MOUNTS" not in os.environ:
        # Mounts go with the last process in here, whatever ends it.
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv],
                   os.environ | {"COLLECTOR_MOUNTS": "private"})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    random.seed(options.seed)
    whole = Load(options.hosts, options.vms, options.pairs, options.period, options.count, options.seed)
    small = dataclasses.replace(whole, hosts=min(20, whole.hosts), vms=min(2000, whole.vms), pairs=min(40_000, whole.pairs),
                                count=min(20, whole.count))
    report = Report(options.json, options.patient)
    with Bench(options.build) as bench:
        for store in options.stores:
            if {"load", "queries"} & set(cases):
                load(bench, report, whole, store, cases)
            if "growth" in cases:
                growth(bench, report, dataclasses.replace(whole, count=min(30, whole.count)), store)
            if "kills" in cases:
                kills(bench, report, whole, store, 20 if options.kills is None else options.kills)
        if "cluster" in cases:
            cluster(bench, report, whole, 10 if options.kills is None else options.kills, options.pauses)
        if "faults" in cases:
            faults(bench, report, small, options.stores)
    if options.json:
        print(json.dumps({"date": time.strftime("%Y-%m-%d"), "cores": os.cpu_count(), "rows": report.rows}, indent=2))
    sys.exit(0 if report.is_good else 1)


if __name__ == "__main__":
    main()
