#!/usr/bin/env python3
"""Every policy in every scenario of Examples/scenarios, as shares of the oracle (docs/simulation.md).

    swift build -c release --product transhumance
    Benchmarks/simulation.py [--seeds 10] [--only NAME]

The table has medians over the seeds, and of ours also the worst and how many plans were begun. Bars: the median of ours
over all scenarios and seeds ≤ 1.1; no plan where things are good (converged), as many as the rule allows where a price
flaps; a day of 10⁴ VMs in a minute of processor time. Exit code 1 where a bar isn't met.
"""

import argparse, json, pathlib, resource, statistics, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LARGEST = "ten-thousand"


def simulate(transhumance, scenario, *words):
    done = subprocess.run([transhumance, "simulate", scenario, "--format", "json", *words], stdout=subprocess.PIPE, check=True)
    return {policy["policy"]: policy for policy in json.loads(done.stdout)["policies"]}


def span(numbers):
    least, most = min(numbers), max(numbers)
    return f"{least}" if least == most else f"{least}–{most}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only")
    parser.add_argument("--build", default=ROOT / ".build/release", type=pathlib.Path)
    options = parser.parse_args()
    transhumance, seeds = options.build / "transhumance", ["--seeds", str(options.seeds)]
    ratios, bad, isHeaded = [], [], False
    for scenario in sorted((ROOT / "Examples/scenarios").glob("*.yaml")):
        name = scenario.stem
        if options.only not in (None, name) or name == LARGEST:
            continue
        policies = simulate(transhumance, scenario, *seeds)
        ours = policies["ours"]
        others = [policy for policy in policies if policy not in ("ours", "oracle")]
        if not isHeaded:
            print("| scenario | ours | worst | plans | " + " | ".join(others) + " |")
            print("| --- " * (4 + len(others)) + "|")
            isHeaded = True
        plans = [run["plans"] for run in ours["runs"]]
        medians = " | ".join(f"{policies[other]['medianRatio']:.2f}" for other in others)
        print(f"| {name} | {ours['medianRatio']:.3f} | {ours['worstRatio']:.3f} | {span(plans)} | {medians} |", flush=True)
        ratios += [run["ratio"] for run in ours["runs"]]
        if name == "converged" and any(plans):
            bad.append("moves where things are good")
        if any(run["plans"] > run.get("mostPlans", run["plans"]) for run in ours["runs"]):
            bad.append(f"{name}: more plans than the rule allows")
    if ratios:
        median = statistics.median(ratios)
        print(f"\nmedian of ours over {len(ratios)} runs: {median:.3f} (≤ 1.1)")
        if median > 1.1:
            bad.append("the median")
    if options.only in (None, LARGEST):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        simulate(transhumance, ROOT / f"Examples/scenarios/{LARGEST}.yaml", "--policy", "ours")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"10⁴ VMs, a day: {seconds:.1f} s of processor time (≤ 60)")
        if seconds > 60:
            bad.append("10⁴ VMs")
    if bad:
        print("not met: " + "; ".join(bad))
    sys.exit(1 if bad else 0)


main()
