#!/usr/bin/env python3
"""Planning questions of known quality, as the files that `transhumance plan` and `place` read: federation.yaml, application.yaml,
traffic.csv and options.json (and planted.json: a placement that is good by construction).

  instances.py planted DIRECTORY --seed N [--objective cost|time] [--flavour NAME] [--vms 1000]
  instances.py exact DIRECTORY --seed N [--kind hosts|sites|roomy] [--vms 1000] [--sites 10] [--hosts 200]
                                              (planted.json is an optimum)
  instances.py qaplib DIRECTORY FILE.dat      (QAPLIB, as a first placement: its README in the data)
  instances.py graph DIRECTORY FILE.graph.gz  (Walshaw's archive, as a bisection)
"""
import argparse
import csv
import gzip
import json
import os
import random

# How the planted questions differ.
FLAVOURS = {
    "plain": {},
    "tight": {"use": 0.9},
    "roomy": {"use": 0.6, "apart": 40},
    "links": {"bandwidth": (400, 4000), "use": 0.7},
    "independent": {"coupling": "independent", "use": 0.8},
    "service": {"hours": None, "use": 0.75},
    "first": {"first": True, "use": 0.8},
    "quick": {"speeds": (0.8, 1.0, 1.0, 1.3), "waits": (0.2, 4)},
}


def planted(arguments):
    """Groups of 5 to 20 VMs with dense traffic inside and little across; the present placement is random."""
    rng = random.Random(f"{arguments.flavour}/{arguments.seed}")
    flavour = {"use": 0.75, "hours": 200, "waits": (1, 20), "bandwidth": (2000, 20000), "speeds": (1.0,), "apart": 10}
    flavour |= FLAVOURS[arguments.flavour]
    count, site_count, host_count = arguments.vms, 10, max(10, arguments.vms // 5)
    vms = [{"name": f"vm{i}", "vcpus": rng.choice([1, 1, 1, 2, 2, 4]), "memoryGiB": rng.choice([1, 2, 4]),
            "cpu": round(rng.uniform(0.2, 0.8), 2), "dirtyMiBps": rng.choice([0, 5, 20])} for i in range(count)]
    total = sum(vm["vcpus"] for vm in vms)
    mean = total / flavour["use"] / host_count
    sites, hosts = [], []
    for s in range(site_count):
        speed, price = rng.choice(flavour["speeds"]), round(rng.uniform(0.01, 0.04), 4)
        site = {"name": f"site{s}", "price": {"vcpuHour": price, "memoryGiBHour": round(price / 8, 5)}, "hosts": []}
        for h in range(host_count // site_count):
            vcpus = max(4, round(mean * rng.choice([0.75, 1, 1.25])))
            site["hosts"].append({"name": f"h{s}-{h}", "vcpus": vcpus, "memoryGiB": 3 * vcpus, "speed": speed,
                                  "watts": 20 * vcpus})
            hosts.append((s, site["hosts"][-1]))
        sites.append(site)
    names = [site["name"] for site in sites]
    pairs = [{"between": [names[s], names[t]], "latencyMs": round(rng.uniform(2, 30), 1),
              "bandwidthMbps": round(rng.uniform(*flavour["bandwidth"]))}
             for s in range(site_count) for t in range(s)]
    egress = [{"from": a, "to": b, "perGB": round(rng.choice([0.02, 0.05, 0.09]), 3)}
              for a in names for b in names if a != b]
    federation = {"sites": sites, "links": {"sameHost": {"latencyMs": 0.02, "bandwidthMbps": 20000},
                                            "sameSite": {"latencyMs": 0.1, "bandwidthMbps": 10000}, "pairs": pairs},
                  "egress": {"pairs": egress}}

    order = list(range(count))
    rng.shuffle(order)
    groups = []
    while order:
        size = min(len(order), rng.randint(5, 20))
        groups.append([order.pop() for _ in range(size)])
    weights = {}
    for group in groups:
        rate = rng.choice([0.3, 1, 3])
        for i in group:
            for j in group:
                if i < j and rng.random() < min(1.0, 14 / len(group)):
                    weights[i, j] = rate * rng.uniform(0.5, 2)
    while len(weights) < 10 * count:
        i, j = sorted(rng.sample(range(count), 2))
        weights.setdefault((i, j), rng.uniform(0.001, 0.02))
    window, rows = 3600.0, []
    for (i, j), weight in weights.items():
        for a, b in ((i, j), (j, i)):
            rows.append((f"vm{a}", f"vm{b}", weight * rng.uniform(0.5, 1.5) * window,
                         rng.uniform(*flavour["waits"]) * weight * window / 10))

    placed = place_groups(groups, vms, hosts, sites)
    if not flavour.get("first"):
        present = random_placement(rng, vms, hosts)
        for vm, host in zip(vms, present):
            vm["host"] = host
    application = {"name": "planted", "objective": arguments.objective,
                   "coupling": flavour.get("coupling", "coupled"), "remainingHours": flavour["hours"] or "none",
                   "vms": vms, "constraints": []}
    site_of = {host["name"]: names[s] for s, host in hosts}
    for _ in range(flavour["apart"]):  # of groups of at least two
        a, b = rng.sample(rng.choice([group for group in groups if len(group) > 1]), 2)
        if placed[a] != placed[b]:
            application["constraints"].append({"apart": [vms[a]["name"], vms[b]["name"]]})
    for i in rng.sample(range(count), 10):
        application["constraints"].append({"pin": vms[i]["name"], "sites": [site_of[placed[i]]]})
    traffic = [(a, b, round(1e6 * size / 1000), round(1e6 * size), round(waits)) for a, b, size, waits in rows]
    write(arguments.directory, federation, application, traffic,
          {"task": "place" if flavour.get("first") else "move", "window": window})
    with open(os.path.join(arguments.directory, "planted.json"), "w") as file:
        json.dump({vm["name"]: host for vm, host in zip(vms, placed)}, file)


def place_groups(groups, vms, hosts, sites):
    """Each group on one site, the largest first, on the cheapest site with room."""
    free = {host["name"]: [host["vcpus"], host["memoryGiB"]] for _, host in hosts}
    order = sorted(range(len(sites)), key=lambda s: sites[s]["price"]["vcpuHour"])
    placed = [None] * len(vms)

    def put(i, site):
        vm = vms[i]
        fits = [h["name"] for h in site["hosts"]
                if free[h["name"]][0] >= vm["vcpus"] and free[h["name"]][1] >= vm["memoryGiB"]]
        if not fits:
            return False
        placed[i] = min(fits, key=lambda name: free[name][0])
        free[placed[i]][0] -= vm["vcpus"]
        free[placed[i]][1] -= vm["memoryGiB"]
        return True

    def take_back(i):
        free[placed[i]][0] += vms[i]["vcpus"]
        free[placed[i]][1] += vms[i]["memoryGiB"]
        placed[i] = None

    leftovers = []
    for group in sorted(groups, key=lambda group: -sum(vms[i]["vcpus"] for i in group)):
        for s in order:
            done = []
            for i in sorted(group, key=lambda i: -vms[i]["vcpus"]):
                if not put(i, sites[s]):
                    break
                done.append(i)
            if len(done) == len(group):
                break
            for i in done:
                take_back(i)
        else:
            leftovers += group
    for i in leftovers:
        if not any(put(i, sites[s]) for s in order):
            raise SystemExit("no room: take another seed")
    return placed


def random_placement(rng, vms, hosts):
    free = {host["name"]: [host["vcpus"], host["memoryGiB"]] for _, host in hosts}
    placed = [None] * len(vms)
    for i in sorted(range(len(vms)), key=lambda i: -vms[i]["vcpus"]):
        fits = [name for name, room in free.items() if room[0] >= vms[i]["vcpus"] and room[1] >= vms[i]["memoryGiB"]]
        if not fits:
            raise SystemExit("no room: take another seed")
        placed[i] = rng.choice(fits)
        free[placed[i]][0] -= vms[i]["vcpus"]
        free[placed[i]][1] -= vms[i]["memoryGiB"]
    return placed


def exact(arguments):
    """Groups that talk among themselves alone, each made to fill one host (`hosts`) or to share one site (`sites`): a
    placement in which every VM is with its group is best by construction, for nothing costs less than that does.

    hosts: time, every VM at its own pace; each group fills its host to the last vCPU, and all waits are within groups.
    sites: cost; groups of about 12 fill sites of the same price to the last vCPU, hosts have VMs of 1, 2 and 4 vCPUs.
    roomy: as sites, with a tenth of every site's hosts more.
    """
    rng = random.Random(f"exact/{arguments.kind}/{arguments.seed}")
    site_count, per_site = arguments.sites, arguments.hosts // arguments.sites
    mean = arguments.vms / arguments.hosts
    on_hosts = arguments.kind == "hosts"
    vms, placed, sites, groups = [], [], [], []
    # Each host is filled: sizes are drawn until its VMs make up its room.
    for s in range(site_count):
        site = {"name": f"site{s}", "price": {"vcpuHour": 0.02}, "hosts": []}
        here = []
        for h in range(per_site):
            left = arguments.vms - len(vms)
            hosts_left = arguments.hosts - s * per_site - h
            count = left if hosts_left == 1 else min(left - hosts_left + 1, max(1, round(mean + rng.choice([-1, 0, 0, 1]))))
            members = list(range(len(vms), len(vms) + count))
            for i in members:
                vms.append({"name": f"vm{i}", "vcpus": rng.choice([1, 1, 2, 2, 4]), "memoryGiB": 1, "cpu": 0.5})
                placed.append(f"h{s}-{h}")
            site["hosts"].append({"name": f"h{s}-{h}", "vcpus": sum(vms[i]["vcpus"] for i in members),
                                  "memoryGiB": 4 * count})
            if on_hosts:
                groups.append(members)
            here += members
        if not on_hosts:
            rng.shuffle(here)
            while here:
                size = len(here) if len(here) < 16 else rng.randint(5, 12)
                groups.append([here.pop() for _ in range(size)])
            if arguments.kind == "roomy":
                site["hosts"] += [{"name": f"h{s}-x{h}", "vcpus": 10, "memoryGiB": 40} for h in range(max(1, per_site // 10))]
        sites.append(site)
    federation = {"sites": sites, "links": {"sameHost": {"latencyMs": 0.02}, "sameSite": {"latencyMs": 0.2},
                                            "betweenSites": {"latencyMs": 5}}, "egress": {"betweenSites": 0.05}}
    rows, window = [], 3600
    for group in groups:
        for a in group:
            # A ring, so that a group hangs together, and as many pairs again.
            peers = {group[(group.index(a) + 1) % len(group)], rng.choice(group), rng.choice(group)} - {a}
            for b in sorted(peers):
                rate = rng.uniform(0.5, 2)
                rows.append((a, b, round(rate * 1e5 * window), round(rate * 4 * window)))
    # Names and rows in random order say nothing of groups.
    names = [f"vm{i}" for i in range(len(vms))]
    rng.shuffle(names)
    for vm, name in zip(vms, names):
        vm["name"] = name
    order = list(range(len(vms)))
    rng.shuffle(order)
    application = {"name": "exact", "objective": "time" if on_hosts else "cost", "coupling": "independent",
                   "remainingHours": 24 if on_hosts else "none", "vms": [vms[i] for i in order], "constraints": []}
    traffic = [(names[a], names[b], 1000, size, waits) for a, b, size, waits in rows]
    write(arguments.directory, federation, application, traffic, {"task": "place", "window": window})
    with open(os.path.join(arguments.directory, "planted.json"), "w") as file:
        json.dump({names[i]: placed[i] for i in order}, file)


def qaplib(arguments):
    """n sites of one host with one vCPU; latency A[i][j] µs, waits B[i][j], window 1 s."""
    with open(arguments.file) as file:
        numbers = [int(word) for word in file.read().split()]
    n = numbers[0]
    a, b = numbers[1:1 + n * n], numbers[1 + n * n:1 + 2 * n * n]
    if any(a[i * n + j] != a[j * n + i] for i in range(n) for j in range(n)):
        # Latency is the same both ways: the matrices change places where the other one is symmetric.
        a, b = b, a
        if any(a[i * n + j] != a[j * n + i] for i in range(n) for j in range(n)):
            raise SystemExit("neither matrix is symmetric")
    federation = {"sites": [{"name": f"s{i:02}", "hosts": [{"name": f"h{i:02}", "vcpus": 1}]} for i in range(n)],
                  "links": {"pairs": [{"between": [f"s{i:02}", f"s{j:02}"], "latencyMs": a[i * n + j] / 1000}
                                      for i in range(n) for j in range(i)]}}
    application = {"name": "qap", "objective": "time", "coupling": "independent", "remainingHours": 1,
                   "vms": [{"name": f"vm{i:02}"} for i in range(n)]}
    rows = [(f"vm{i:02}", f"vm{j:02}", 0, 0, b[i * n + j]) for i in range(n) for j in range(n) if i != j]
    # A diagonal is a constant of its own only where one of the two is zero; QAPLIB's are.
    write(arguments.directory, federation, application, rows, {"task": "place", "window": 1})


def graph(arguments):
    """Two sites of one host, each with room for half of the vertices, rounded up."""
    with gzip.open(arguments.file, "rt") as file:
        lines = [line for line in file if not line.startswith("%")]
    n = int(lines[0].split()[0])
    sites = [{"name": name, "hosts": [{"name": f"{name}1", "vcpus": (n + 1) // 2}]} for name in "ab"]
    federation = {"sites": sites, "links": {}, "egress": {"betweenSites": 1}}
    application = {"name": "graph", "objective": "cost", "remainingHours": 1,
                   "vms": [{"name": f"v{i}"} for i in range(1, n + 1)]}
    # 250,000 bytes a second each way for an hour: 1.8 for an edge that is cut.
    rows = [(f"v{i}", f"v{j}", 1000, 500_000, 0)
            for i, line in enumerate(lines[1:n + 1], 1) for j in map(int, line.split())]
    write(arguments.directory, federation, application, rows, {"task": "place", "window": 2, "cut": 1.8})


def write(directory, federation, application, rows, options):
    os.makedirs(directory, exist_ok=True)
    for name, document in (("federation.yaml", federation), ("application.yaml", application),
                           ("options.json", options)):
        with open(os.path.join(directory, name), "w") as file:
            json.dump(document, file)
    with open(os.path.join(directory, "traffic.csv"), "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["source", "destination", "packets", "frame_bytes", "ip_bytes", "waits"])
        for source, destination, packets, size, waits in rows:
            writer.writerow([source, destination, packets, size, size, waits])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True)
    for name, action in (("planted", planted), ("exact", exact), ("qaplib", qaplib), ("graph", graph)):
        kind = kinds.add_parser(name)
        kind.set_defaults(action=action)
        kind.add_argument("directory")
        if action is planted:
            kind.add_argument("--seed", type=int, required=True)
            kind.add_argument("--objective", choices=["cost", "time", "resources"], default="cost")
            kind.add_argument("--flavour", choices=FLAVOURS, default="plain")
            kind.add_argument("--vms", type=int, default=1000)
        elif action is exact:
            kind.add_argument("--seed", type=int, required=True)
            kind.add_argument("--kind", choices=["hosts", "sites", "roomy"], default="sites")
            kind.add_argument("--vms", type=int, default=1000)
            kind.add_argument("--sites", type=int, default=10)
            kind.add_argument("--hosts", type=int, default=200)
        else:
            kind.add_argument("file")
    arguments = parser.parse_args()
    arguments.action(arguments)


if __name__ == "__main__":
    main()
