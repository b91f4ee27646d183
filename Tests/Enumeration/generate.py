#!/usr/bin/env python3
"""Random small instances for the planner, by seed: federation.yaml, application.yaml, traffic.csv and options.json.

  generate.py --seed 1 --count 300 --limit 4096 DIRECTORY

`--limit` bounds the placements that an instance has. Figures come from short lists, so that ties and limits that are
met exactly occur; limits that depend on figures (budget, windows, …) are set around those of a random placement.
"""
import argparse
import json
import os
import random
from datetime import datetime, timezone

import enumeration

NOW = "2026-11-25T08:00:00Z"
NOW_SECONDS = enumeration.instant(NOW)


def maybe(rng, chance, value):
    return value if rng.random() < chance else None


def put(target, key, value):
    if value is not None:
        target[key] = value


def iso(seconds):
    return datetime.fromtimestamp(NOW_SECONDS + seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def a_link(rng, latencies, bandwidths):
    link = {}
    put(link, "latencyMs", maybe(rng, 0.9, rng.choice(latencies)))
    put(link, "bandwidthMbps", maybe(rng, 0.85, rng.choice(bandwidths)))
    return link


def federation(rng, vms, limit):
    prices = [0, 0, 0.01, 0.02, 0.05, round(rng.uniform(0, 0.1), 4)]
    plain = rng.random() < 0.3  # equal hosts: many ties
    while True:
        sizes = [rng.randint(1, 3) for _ in range(rng.randint(2, 3))]
        if 1 < sum(sizes) ** vms <= limit:
            break
    names = rng.sample(["rennes", "lyon", "cloud-a", "cloud-b", "nancy"], len(sizes))
    sites, hosts = [], rng.sample(range(1, 20), sum(sizes))
    for name, size in zip(names, sizes):
        site = {"name": name}
        put(site, "kind", maybe(rng, 0.5, rng.choice(["grid", "cloud"])))
        if rng.random() < 0.8:
            site["price"] = {}
            for field in ("vmHour", "vcpuHour", "memoryGiBHour"):
                put(site["price"], field, maybe(rng, 0.6, rng.choice(prices)))
        site["hosts"] = []
        for _ in range(size):
            host = {"name": f"h{hosts.pop()}", "vcpus": rng.choice([2, 4, 4, 6, 8, 8])}
            put(host, "memoryGiB", maybe(rng, 0.7, rng.choice([6, 8, 16, 32])))
            if not plain:
                put(host, "speed", maybe(rng, 0.6, rng.choice([0.5, 0.8, 1, 1.0, 1.25, 1.5, 2])))
                put(host, "watts", maybe(rng, 0.6, rng.choice([90, 120, 180, 180, 250])))
            site["hosts"].append(host)
        sites.append(site)
    if rng.random() < 0.3:
        sites.append({"name": "internet"})
    bandwidths = [100, 200, 500, 1000, 1000, 10000]
    links = {"sameHost": a_link(rng, [0, 0.02, 0.05], [20000]), "sameSite": a_link(rng, [0.1, 0.2], [1000, 10000]),
             "betweenSites": a_link(rng, [1, 5, 10, 20], bandwidths)}
    egress = {}
    put(egress, "betweenSites", maybe(rng, 0.7, rng.choice([0, 0.01, 0.02, 0.09])))
    every = [site["name"] for site in sites]
    pairs = [(s, t) for k, s in enumerate(every) for t in every[k + 1:]]
    listed = [dict(between=rng.sample(pair, 2), **a_link(rng, [0.5, 2, 8, 30], bandwidths))
              for pair in pairs if rng.random() < 0.4]
    if listed:
        links["pairs"] = listed
    ordered = [{"from": s, "to": t, "perGB": rng.choice([0, 0.01, 0.05, 0.12])}
               for s in every for t in every if s != t and rng.random() < 0.3]
    if ordered:
        egress["pairs"] = ordered
    return {"sites": sites, "links": links, **({"egress": egress} if egress else {})}


def application(rng, count, sites):
    order = rng.sample(range(1, 13), count)  # vm10 sorts before vm2
    vms = []
    for number in order:
        vm = {"name": f"vm{number}"}
        second = [f"fd00::{number}"] if rng.random() < 0.2 else []
        put(vm, "addresses", maybe(rng, 0.6, [f"10.77.0.{number}", *second]))
        put(vm, "vcpus", maybe(rng, 0.8, rng.choice([1, 1, 2, 2, 0.5])))
        put(vm, "memoryGiB", maybe(rng, 0.9, rng.choice([0.5, 1, 2, 4])))
        put(vm, "cpu", maybe(rng, 0.8, rng.choice([0, 0.2, 0.5, 0.8, 1, round(rng.random(), 3)])))
        put(vm, "dirtyMiBps", maybe(rng, 0.6, rng.choice([0, 5, 10, 20, 50, 100, 400, 2000])))
        if rng.random() < 0.3:
            disk = {"GiB": rng.choice([5, 10, 20])}
            put(disk, "usedGiB", maybe(rng, 0.7, rng.choice([1, 3, 5])))
            put(disk, "writeMiBps", maybe(rng, 0.6, rng.choice([0, 2, 10, 100, 500])))
            put(disk, "shared", maybe(rng, 0.5, rng.random() < 0.6))
            vm["disks"] = [disk] * rng.randint(1, 2)
        vms.append(vm)
    result = {"name": rng.choice(["cg", "web"]), "vms": vms}
    put(result, "objective", maybe(rng, 0.85, rng.choice(["cost", "time", "time", "resources", "resources"])))
    put(result, "coupling", maybe(rng, 0.7, rng.choice(["coupled", "independent", "independent"])))
    if rng.random() < 0.65:
        result["remainingHours"] = rng.choice([0.5, 2, 10, 48, round(rng.uniform(0.2, 100), 2)])
    elif rng.random() < 0.5:
        result["remainingHours"] = "none"
    put(result, "minimumGain", maybe(rng, 0.5, rng.choice([0, 0.01, 0.1, 0.3, 0.6])))
    put(result, "slowdownLimit", maybe(rng, 0.5, rng.choice([0, 0.1, 0.3, 1])))
    if rng.random() < 0.4:
        result["endpoints"] = []
        for number in range(rng.randint(1, 2)):
            endpoint = {"name": f"nfs{number}", "site": rng.choice(sites)}
            put(endpoint, "addresses", maybe(rng, 0.7, [f"10.77.1.{number}"]))
            result["endpoints"].append(endpoint)
    return result


def constraints(rng, names, sites):
    result = []
    for _ in range(rng.choice([0, 0, 0, 0, 0, 1, 1, 2, 3])):
        some = rng.sample(names, rng.randint(2, min(3, len(names))))
        where = rng.sample(sites, rng.randint(1, len(sites) - 1))
        result.append(rng.choice([{"pin": some[0], "sites": where}, {"ban": some[0], "sites": where},
                                  {"together": some}, {"apart": some}]))
    return result


def traffic(rng, application):
    """Rows of the matrix, as dictionaries; whether it has waits; the window's seconds."""
    members = [[vm["name"], *vm.get("addresses", [])] for vm in application["vms"]]
    members += [[end["name"], *end.get("addresses", [])] for end in application.get("endpoints", [])]
    window = rng.choice([10, 30, 60, 600, round(rng.uniform(1, 900), 3)])
    scale, density, rows = rng.choice([1e3, 1e5, 1e6, 1e7]), rng.choice([0.3, 0.7, 1]), []
    waiting = rng.choice([0, 1, 5, 20, 60])
    for i, source in enumerate(members):
        for j, destination in enumerate(members):
            if i == j or rng.random() > density:
                continue
            size = rng.choice([0, 1, 1, 1, 2, 3, rng.random()]) * scale * window
            rows.append({"source": rng.choice(source), "destination": rng.choice(destination),
                         "packets": int(size / 1000), "frame_bytes": int(size * 1.02), "ip_bytes": int(size),
                         "waits": rng.choice([0, 1, 1, 2, round(rng.random(), 2)]) * waiting * window})
    rng.shuffle(rows)
    return rows, rng.random() < 0.9, window


def placed(rng, federation, vms):
    """A host for each VM: with room for all if it was drawn so, else anywhere."""
    hosts = [host for site in federation["sites"] for host in site.get("hosts", [])]
    few = rng.sample(hosts, min(len(hosts), rng.choice([1, 2, 9])))
    mixed = rng.random() < 0.1
    for _ in range(1 if mixed else 200):
        choice = [rng.choice(few if rng.random() < 0.8 else hosts) for _ in vms]
        if all(sum(vm.get("vcpus", 1) for vm, at in zip(vms, choice) if at is host) <= host["vcpus"]
               and sum(vm.get("memoryGiB", 0) for vm, at in zip(vms, choice) if at is host)
               <= host.get("memoryGiB", 1e9) for host in hosts):
            break
    for vm, host in zip(vms, choice):
        vm["host"] = host["name"]
    if rng.random() < 0.25:  # full hosts: orders that are hard or impossible
        for host in choice:
            host["vcpus"] = sum(vm.get("vcpus", 1) for vm in vms if vm["host"] == host["name"])


def limits(rng, options, federation, application, rows):
    """Quotas, windows, deadline and budget around the figures of some placement."""
    instance = enumeration.Instance("place", federation, {**application, "vms": [
        {key: value for key, value in vm.items() if key != "host"} for vm in application["vms"]]},
        rows, options["window"], NOW_SECONDS)
    sample = [vm.get("host") for vm in application["vms"]]
    if None in sample:
        names = list(instance.federation.host_named)
        sample = [rng.choice(names) for _ in application["vms"]]
    figures = instance.evaluate(tuple(sample))
    if options["mode"] == "plan":
        figures = enumeration.Instance("plan", federation, application, rows, options["window"], NOW_SECONDS).before
    factors = [0.6, 0.9, 1, 1, 1.05, 1.3, 2]
    vcpus = sum(vm.get("vcpus", 1) for vm in application["vms"])
    memory = sum(vm.get("memoryGiB", 0) for vm in application["vms"])
    for site in federation["sites"]:
        if not site.get("hosts"):
            continue
        if rng.random() < 0.2:
            quota = site["quota"] = {}
            put(quota, "vcpus", maybe(rng, 0.5, rng.choice([1, 2, 3, 4, vcpus])))
            put(quota, "memoryGiB", maybe(rng, 0.4, rng.choice([2, 4, 8, memory])))
            put(quota, "vcpuHours", maybe(rng, 0.5, rng.choice(factors) * vcpus * figures["billed"] / 3600))
        if rng.random() < 0.12:
            site["availableUntil"] = iso(rng.choice(factors) * figures["windowEnd"])
    if rng.random() < 0.1:
        application["deadline"] = iso(rng.choice(factors) * figures["seconds"])
    if rng.random() < 0.12:
        application["budget"] = rng.choice(factors) * figures["cost"]["total"]


def instance(seed, number, limit):
    """Options and contents of one instance; the same for the same seed and number."""
    rng = random.Random(f"{seed}/{number}")
    count = rng.choice([3, 3, 4, 4, 4, 5, 5, 6])
    places = federation(rng, count, limit)
    app = application(rng, count, [site["name"] for site in places["sites"]])
    options = {"mode": rng.choice(["plan", "plan", "plan", "place"]), "at": NOW}
    rows, options["waits"], options["window"] = traffic(rng, app)
    if not options["waits"]:
        rows = [{key: value for key, value in row.items() if key != "waits"} for row in rows]
    if options["mode"] == "plan":
        placed(rng, places, app["vms"])
    app["constraints"] = constraints(rng, [vm["name"] for vm in app["vms"]],
                                     [site["name"] for site in places["sites"] if site.get("hosts")])
    limits(rng, options, places, app, rows)
    put(options, "objective", maybe(rng, 0.15, rng.choice(["cost", "time", "resources"])))
    options["noMinimumGain"] = options["mode"] == "plan" and rng.random() < 0.15
    options["ignoreUnknown"] = rng.random() < 0.1
    if options["ignoreUnknown"]:
        rows.append({**rows[0], "destination": "10.99.0.1"} if rows else
                    {"source": "a", "destination": "b", "packets": 1, "frame_bytes": 1, "ip_bytes": 1})
    if rng.random() < 0.02:  # a usage error
        options["mode"] = {"plan": "place", "place": "plan"}[options["mode"]]
    return options, places, app, rows


def write(directory, options, places, app, rows):
    os.makedirs(directory, exist_ok=True)
    for name, document in (("options.json", options), ("federation.yaml", places), ("application.yaml", app)):
        with open(os.path.join(directory, name), "w") as file:
            json.dump(document, file, indent=1)
    columns = ["source", "destination", "packets", "frame_bytes", "ip_bytes"] + (["waits"] if options["waits"] else [])
    with open(os.path.join(directory, "traffic.csv"), "w") as file:
        for row in [dict(zip(columns, columns)), *rows]:
            file.write(",".join(str(row.get(column, 0)) for column in columns) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--limit", type=int, default=4096)
    arguments = parser.parse_args()
    for number in range(arguments.count):
        write(os.path.join(arguments.directory, f"{number:04}"), *instance(arguments.seed, number, arguments.limit))


if __name__ == "__main__":
    main()
