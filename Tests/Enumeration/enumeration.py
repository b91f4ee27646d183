#!/usr/bin/env python3
"""The plan that should come out, found by trying every placement.

Written from the formulas in docs/planning.md (docs/decisions/planning-formulas.md where they leave room) and from
nothing of the solver, so that the two can be held against each other. Python's standard library alone; federation and
application are JSON, which is YAML.

  enumeration.py plan|place --federation F --application A --traffic MATRIX.csv --window SECONDS --at TIME
                 [--objective O] [--no-minimum-gain] [--ignore-unknown]
"""
import argparse
import csv
import itertools
import json
import math
import sys
from datetime import datetime

from federation import Federation

GIB, MIB, GB = 2.0**30, 2.0**20, 1e9
SERVICE_SECONDS = 24 * 3600.0
LIMIT_TOLERANCE, GAIN_TOLERANCE, TIE_TOLERANCE = 1e-9, 1e-9, 1e-11


class UsageError(Exception):
    """The command doesn't suit the files (exit code 2)."""


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def at_most(value, limit):
    return value <= limit + LIMIT_TOLERANCE * abs(limit)


class Instance:
    """One question to the planner."""

    def __init__(self, mode, federation, application, rows, window, now, objective=None, minimum_gain=True,
                 ignore_unknown=False):
        self.mode, self.federation, self.application, self.now = mode, Federation(federation), application, now
        self.first = mode == "place"
        self.vms = application["vms"]
        self.objective = objective or application.get("objective", "cost")
        self.coupled = application.get("coupling", "coupled") == "coupled"
        hours = application.get("remainingHours")
        self.service = hours is None or hours == "none"
        self.remaining = SERVICE_SECONDS if self.service else hours * 3600
        self.threshold = application.get("minimumGain", 0.05) if minimum_gain else None
        self.slowdown_limit = application.get("slowdownLimit", 0.05)
        for vm in self.vms:
            if self.first and vm.get("host") is not None:
                raise UsageError(f"{vm['name']} has a host")
            if not self.first and vm.get("host") is None:
                raise UsageError(f"{vm['name']} has no host")
        self.present = None if self.first else tuple(vm["host"] for vm in self.vms)
        self.read_traffic(rows, window, ignore_unknown)
        self.own = None
        if not self.first:
            wait, load, link = self.delays(self.present)
            self.own = []
            for i, vm in enumerate(self.vms):
                u = wait[i] + link[i]
                kappa = 1 if u == 0 else min(1, 1 / u)
                waiting = min(1, u)
                comp = min(vm.get("cpu", 1), 1 - waiting)
                self.own.append((kappa, comp, 1 - comp - waiting))
            self.before = self.evaluate(self.present)

    def read_traffic(self, rows, window, ignore_unknown):
        """Bytes and waits per second by pair of members: VMs by index, endpoints by name."""
        members = {}
        for i, vm in enumerate(self.vms):
            members.update({name: i for name in [vm["name"], *vm.get("addresses", [])]})
        self.endpoint_site = {}
        for endpoint in self.application.get("endpoints", []):
            self.endpoint_site[endpoint["name"]] = endpoint["site"]
            members.update({name: endpoint["name"] for name in [endpoint["name"], *endpoint.get("addresses", [])]})
        self.bytes, self.waits = {}, {}
        for row in rows:
            if row["source"] == row["destination"]:
                continue
            if row["source"] not in members or row["destination"] not in members:
                if ignore_unknown:
                    continue
                raise ValueError(f"unknown endpoint: {row['source']} or {row['destination']}")
            i, j = members[row["source"]], members[row["destination"]]
            if i == j or not (isinstance(i, int) or isinstance(j, int)):
                continue
            self.bytes[i, j] = self.bytes.get((i, j), 0) + float(row["ip_bytes"]) / window
            self.waits[i, j] = self.waits.get((i, j), 0) + float(row.get("waits") or 0) / window
        # w_ij: both rows.
        self.both = {}
        for (i, j), waits in self.waits.items():
            self.both[i, j] = waits + self.waits.get((j, i), 0)
            self.both[j, i] = self.both[i, j]

    def site(self, member, placement):
        if isinstance(member, int):
            return self.federation.site_of[placement[member]]
        return self.endpoint_site[member]

    def latency(self, i, j, placement):
        s, t = self.site(i, placement), self.site(j, placement)
        if s != t:
            return self.federation.between(s, t).latency
        if isinstance(i, int) and isinstance(j, int) and placement[i] == placement[j]:
            return self.federation.same_host.latency
        return self.federation.same_site.latency

    def delays(self, placement):
        """Per VM wait_i and link_i; per ordered pair of sites its load."""
        wait = [0.0] * len(self.vms)
        for (i, j), rate in self.both.items():
            if isinstance(i, int):
                wait[i] += rate * self.latency(i, j, placement)
        load, used = {}, [set() for _ in self.vms]
        for (i, j), rate in self.bytes.items():
            pair = self.site(i, placement), self.site(j, placement)
            if pair[0] == pair[1]:
                continue
            load[pair] = load.get(pair, 0) + 1.05 * rate / self.federation.between(*pair).bandwidth
            for member in (i, j):
                if isinstance(member, int) and rate > 0:
                    used[member].add(pair)
        if self.coupled:
            worst = max(load.values(), default=0)
            link = [worst] * len(self.vms)
        else:
            link = [max((load[pair] for pair in pairs), default=0) for pairs in used]
        return wait, load, link

    def parts(self, placement):
        """Per VM σ_i and its parts."""
        wait, _, link = self.delays(placement)
        result = []
        for i, vm in enumerate(self.vms):
            speed = self.federation.host_named[placement[i]].get("speed", 1)
            if self.first:
                kappa, comp, idle, old = 1, vm.get("cpu", 1), 1 - vm.get("cpu", 1), 1
            else:
                kappa, comp, idle = self.own[i]
                old = self.federation.host_named[self.present[i]].get("speed", 1)
            result.append({"κ": kappa, "comp·g(p0)/g(p)": comp * old / speed, "idle": idle, "wait": wait[i],
                           "link": link[i], "σ": comp * old / speed + idle + kappa * (wait[i] + link[i])})
        return result

    def price(self, vm, site):
        price = self.federation.site_named[site].get("price", {})
        return (price.get("vmHour", 0) + price.get("vcpuHour", 0) * vm.get("vcpus", 1)
                + price.get("memoryGiBHour", 0) * vm.get("memoryGiB", 0))

    def migration(self, vm, source, target):
        """Bytes, seconds and downtime of moving a VM between two hosts; None where it can't be moved."""
        s, t = self.federation.site_of[source], self.federation.site_of[target]
        bandwidth = self.federation.between(s, t).bandwidth
        memory = vm.get("memoryGiB", 0) * GIB
        rho = vm.get("dirtyMiBps", 0) * MIB / bandwidth
        if rho >= 1:
            return None
        n = 1
        while memory * rho**n > 0.3 * bandwidth:
            n += 1
            if n > 30:
                return None
        total = memory * (1 - rho ** (n + 1)) / (1 - rho)
        for disk in vm.get("disks", []):
            if not disk.get("shared", False):
                share = disk.get("writeMiBps", 0) * MIB / bandwidth
                if share >= 1:
                    return None
                total += disk.get("usedGiB", disk["GiB"]) * GIB / (1 - share)
        return {"m": memory, "β": bandwidth, "ρ": rho, "n": n, "bytes": total, "seconds": total / bandwidth,
                "downtime": memory * rho**n / bandwidth + 0.05, "M egress": total / GB * self.federation.egress(s, t),
                "M hosting": self.price(vm, s) * total / bandwidth / 3600}

    def evaluate(self, placement):
        """Every figure of a placement; None where a VM would have to move that can't."""
        fed = self.federation
        sigma = [parts["σ"] for parts in self.parts(placement)]
        slowdown = max(sigma) if self.coupled else sum(sigma) / len(sigma)
        run = self.remaining * slowdown
        billed = self.remaining if self.service else run

        moves, migration, down = [], 0.0, 0.0
        if not self.first:
            for i, vm in enumerate(self.vms):
                source, target = self.present[i], placement[i]
                if source == target:
                    continue
                transfer = self.migration(vm, source, target)
                if transfer is None:
                    return None
                migration += transfer["M egress"] + transfer["M hosting"]
                down += transfer["downtime"]
                moves.append({"vm": vm["name"], "from": source, "to": target, "transferBytes": transfer["bytes"],
                              "transferSeconds": transfer["seconds"], "downtimeSeconds": transfer["downtime"]})
        hosting = sum(self.price(vm, fed.site_of[placement[i]]) for i, vm in enumerate(self.vms)) * billed / 3600
        egress = sum(rate * self.remaining * fed.egress(self.site(i, placement), self.site(j, placement)) / GB
                     for (i, j), rate in self.bytes.items())
        return {
            "seconds": run + down, "slowdown": slowdown,
            "watts": sum(fed.host_named[name].get("watts", 1) for name in set(placement)),
            "cost": {"hosting": hosting, "egress": egress, "migration": migration,
                     "total": hosting + egress + migration},
            "moves": moves, "billed": billed, "windowEnd": billed + down,
        }

    def broken(self, placement, figures):
        """The constraints that a placement breaks, in words."""
        fed, broken = self.federation, []
        site = [fed.site_of[name] for name in placement]
        for host, _ in fed.hosts:
            on = [vm for i, vm in enumerate(self.vms) if placement[i] == host["name"]]
            if not at_most(sum(vm.get("vcpus", 1) for vm in on), host.get("vcpus", 1)):
                broken.append(f"vcpus of {host['name']}")
            if not at_most(sum(vm.get("memoryGiB", 0) for vm in on), host.get("memoryGiB", math.inf)):
                broken.append(f"memory of {host['name']}")
        for entry in fed.sites:
            on = [vm for i, vm in enumerate(self.vms) if site[i] == entry["name"]]
            quota, vcpus = entry.get("quota", {}), sum(vm.get("vcpus", 1) for vm in on)
            if not on:
                continue
            if not at_most(vcpus, quota.get("vcpus", math.inf)):
                broken.append(f"vcpus of {entry['name']}")
            if not at_most(sum(vm.get("memoryGiB", 0) for vm in on), quota.get("memoryGiB", math.inf)):
                broken.append(f"memory of {entry['name']}")
            if not at_most(vcpus * figures["billed"] / 3600, quota.get("vcpuHours", math.inf)):
                broken.append(f"vcpuHours of {entry['name']}")
            closes = instant(entry["availableUntil"]) - self.now if "availableUntil" in entry else math.inf
            if not at_most(figures["windowEnd"], closes):
                broken.append(f"window of {entry['name']}")
        index = {vm["name"]: i for i, vm in enumerate(self.vms)}
        for rule in self.application.get("constraints", []):
            if "pin" in rule and site[index[rule["pin"]]] not in rule["sites"]:
                broken.append(f"pin {rule['pin']}")
            if "ban" in rule and site[index[rule["ban"]]] in rule["sites"]:
                broken.append(f"ban {rule['ban']}")
            if "together" in rule and len({site[index[name]] for name in rule["together"]}) > 1:
                broken.append(f"together {rule['together']}")
            if "apart" in rule and len({placement[index[name]] for name in rule["apart"]}) < len(rule["apart"]):
                broken.append(f"apart {rule['apart']}")
        if "deadline" in self.application:
            if not at_most(figures["seconds"], instant(self.application["deadline"]) - self.now):
                broken.append("deadline")
        if "budget" in self.application and not at_most(figures["cost"]["total"], self.application["budget"]):
            broken.append("budget")
        if self.objective == "resources" and not at_most(figures["slowdown"], 1 + self.slowdown_limit):
            broken.append("slowdownLimit")
        return broken

    def values(self, figures):
        """What is minimised, first things first."""
        total = figures["cost"]["total"]
        return {"cost": (total,), "time": (figures["seconds"], total), "resources": (figures["watts"], total)}[
            self.objective]

    def names(self, placement):
        return tuple(host for _, host in sorted(zip((vm["name"] for vm in self.vms), placement)))

    def best(self):
        """The best placement that breaks nothing, with its figures; None where there is none."""
        hosts = [host["name"] for host, _ in self.federation.hosts]
        candidates = []
        for placement in itertools.product(hosts, repeat=len(self.vms)):
            if not self.roomy(placement):
                continue
            figures = self.evaluate(placement)
            if figures is not None and not self.broken(placement, figures):
                candidates.append((placement, figures))
        if not candidates:
            return None
        for level in range(len(self.values(candidates[0][1]))):
            least = min(self.values(figures)[level] for _, figures in candidates)
            candidates = [entry for entry in candidates
                          if self.values(entry[1])[level] <= least + TIE_TOLERANCE * abs(least)]
        return min(candidates, key=lambda entry: (len(entry[1]["moves"]), self.names(entry[0])))

    def roomy(self, placement):
        """Only a faster first look: what fails here fails in `broken` too."""
        room = {}
        for i, name in enumerate(placement):
            room[name] = room.get(name, 0) + self.vms[i].get("vcpus", 1)
        return all(at_most(used, self.federation.host_named[name].get("vcpus", 1)) for name, used in room.items())

    def gain(self, figures):
        old, new = self.values(self.before)[0], self.values(figures)[0]
        return (old - new) / old if old > 0 else 0.0

    def document(self):
        best = self.best()
        if best is None:
            return {"decision": "infeasible"}
        placement, figures = best
        document = {"decision": "place", "objective": self.objective}
        before = None
        if not self.first:
            before = self.before
            mending = self.broken(self.present, before)
            staying = placement == self.present or (
                not mending and self.threshold is not None and self.gain(figures) < self.threshold - GAIN_TOLERANCE)
            document["decision"] = "stay" if staying else "move"
            document["gain"] = self.gain(figures)
            document["mending"] = mending
            if staying:
                placement, figures = self.present, before
        printed = ("seconds", "slowdown", "watts", "cost")
        document["placement"] = {vm["name"]: placement[i] for i, vm in enumerate(self.vms)}
        document["moves"] = figures["moves"]
        document["before"] = before and {key: before[key] for key in printed}
        document["after"] = {key: figures[key] for key in printed}
        if figures["moves"]:
            document["orderable"] = self.orderable(placement)
        return document

    # MARK: - The order of moves

    def step_fits(self, placement, i, target):
        """Whether VM i finds room at its target while the others are where `placement` has them."""
        fed, arrived = self.federation, list(placement)
        arrived[i] = target
        at = fed.site_of[target]
        index = {vm["name"]: k for k, vm in enumerate(self.vms)}

        def used(field, default, keep):
            return sum(vm.get(field, default) for k, vm in enumerate(self.vms) if keep(arrived[k]))

        host, quota = fed.host_named[target], fed.site_named[at].get("quota", {})
        for field, default, limit in (("vcpus", 1, host.get("vcpus", 1)),
                                      ("memoryGiB", 0, host.get("memoryGiB", math.inf))):
            if not at_most(used(field, default, lambda name: name == target), limit):
                return False
            enters = fed.site_of[placement[i]] != at
            if enters and not at_most(used(field, default, lambda name: fed.site_of[name] == at),
                                      quota.get(field, math.inf)):
                return False
        for rule in self.application.get("constraints", []):
            others = [index[name] for name in rule.get("apart", [])]
            if i in others and any(arrived[k] == target for k in others if k != i):
                return False
        return True

    def order_fits(self, sequence):
        """Whether the moves (VM's name, target) can be made in this order."""
        index = {vm["name"]: k for k, vm in enumerate(self.vms)}
        placement = list(self.present)
        for name, target in sequence:
            if not self.step_fits(placement, index[name], target):
                return False
            placement[index[name]] = target
        return True

    def orderable(self, placement):
        moving = [(vm["name"], placement[i]) for i, vm in enumerate(self.vms) if placement[i] != self.present[i]]
        return any(self.order_fits(sequence) for sequence in itertools.permutations(moving))


def load(arguments):
    with open(arguments.federation) as file:
        federation = json.load(file)
    with open(arguments.application) as file:
        application = json.load(file)
    with open(arguments.traffic, newline="") as file:
        rows = list(csv.DictReader(file))
    return Instance(arguments.mode, federation, application, rows, arguments.window, instant(arguments.at),
                    arguments.objective, not arguments.no_minimum_gain, arguments.ignore_unknown)


def parser():
    result = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("mode", choices=["plan", "place"])
    for name in ("federation", "application", "traffic", "at"):
        result.add_argument(f"--{name}", required=True)
    result.add_argument("--window", type=float, required=True)
    result.add_argument("--objective", choices=["cost", "time", "resources"])
    result.add_argument("--no-minimum-gain", action="store_true")
    result.add_argument("--ignore-unknown", action="store_true")
    return result


def main():
    try:
        document = load(parser().parse_args()).document()
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(document, indent=2))
    return 3 if document["decision"] == "infeasible" else 0


if __name__ == "__main__":
    sys.exit(main())
