#!/usr/bin/env python3
"""Holds `transhumance plan` and `place` against the enumeration, on random instances.

  compare.py --binary .build/release/transhumance --seed 1 --count 60 [--limit 4096] [--keep DIRECTORY]

Compared: exit code, decision, placement, every printed figure, those of --explain included (relative 1e-9), the moves
and whether their order fits.
Instances that differ are kept in DIRECTORY (default: the temporary one is left behind). Exit code 1 where any differs.
"""
import argparse
import collections
import csv
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import enumeration
import generate
import terms

RELATIVE = 1e-9


def differences(expected, got, path=""):
    """Where the second document lacks or contradicts what the first says."""
    if isinstance(expected, dict):
        if not isinstance(got, dict):
            return [f"{path}: expected an object, got {got!r}"]
        return [line for key, value in expected.items() for line in (
            differences(value, got[key], f"{path}.{key}") if key in got else [f"{path}.{key}: missing"])]
    if isinstance(expected, bool) or expected is None or isinstance(expected, str):
        return [] if expected == got else [f"{path}: expected {expected!r}, got {got!r}"]
    if isinstance(got, bool) or not isinstance(got, (int, float)):
        return [f"{path}: expected {expected!r}, got {got!r}"]
    return [] if near(expected, got) else [f"{path}: expected {expected!r}, got {got!r}"]


def near(expected, got):
    return abs(expected - got) <= RELATIVE * max(abs(expected), abs(got))


def check(instance, expected, exit_code, output):
    """What is wrong with a command's answer, as lines; none where it is right."""
    infeasible = expected["decision"] == "infeasible"
    if exit_code != (3 if infeasible else 0):
        return [f"exit code {exit_code}"]
    got = json.loads(output)
    if infeasible:
        clash = got.get("clash")
        right = got.get("decision") == "infeasible" and isinstance(clash, list) and clash
        return [] if right else [f"expected a clash, got {output}"]
    problems = []
    if got.get("placement") != expected["placement"]:
        problems.append(judge(instance, got.get("placement")))
    moves = {move["vm"]: move for move in got.get("moves", [])}
    # Where the moves alone have no order, VMs may be set aside: then some move twice, and others may move as well.
    detours = len(moves) < len(got.get("moves", []))
    if detours:
        problems += [] if not expected["orderable"] and got["orderable"] else ["detours where there is an order"]
    elif set(moves) != {move["vm"] for move in expected["moves"]}:
        problems.append(f"moves of {sorted(moves)}")
    else:
        for move in expected["moves"]:
            problems += differences(move, moves[move["vm"]], f"moves.{move['vm']}")
    if expected["moves"]:
        steps = sorted(got.get("moves", []), key=lambda move: move["order"])
        if steps != got["moves"] or [move["order"] for move in steps] != list(range(1, len(steps) + 1)):
            problems.append("moves are not numbered in their order")
        if not detours and got.get("orderable", True) != expected["orderable"]:
            problems.append(f"orderable: expected {expected['orderable']}")
        elif got["orderable"] and not instance.order_fits([(move["vm"], move["to"]) for move in steps]):
            problems.append("a step of the order doesn't fit")
        problems += [f"{move['vm']} moves without a why" for move in steps if not move.get("why")]
    same = ("decision", "objective", "before", "after", "placement")
    problems += differences({key: expected[key] for key in same}, got)
    problems += [] if got.get("reason") else ["no reason"]
    placement = tuple(expected["placement"][vm["name"]] for vm in instance.vms)
    problems += terms.differences(instance, placement, got["explanation"], near)
    solution = got.get("solution") or {}
    if solution.get("proven") is not True or solution.get("gap") != 0 or not solution.get("method"):
        problems.append(f"not proven: {solution}")
    return problems


def judge(instance, placement):
    """How another placement than the expected one does."""
    try:
        chosen = tuple(placement[vm["name"]] for vm in instance.vms)
        figures = instance.evaluate(chosen)
        broken = ["a VM moves that can't be moved"] if figures is None else instance.broken(chosen, figures)
        if broken:
            return f"the placement breaks {broken}"
        best = instance.best()[1]
        return f"another placement: {instance.values(figures)} instead of {instance.values(best)}"
    except (KeyError, TypeError) as error:
        return f"no placement: {error!r}"


def question(directory, options):
    """The instance in a directory, and the command's arguments that put it."""
    files = {name: os.path.join(directory, name) for name in ("federation.yaml", "application.yaml", "traffic.csv")}
    with open(files["federation.yaml"]) as federation, open(files["application.yaml"]) as application:
        places, app = json.load(federation), json.load(application)
    with open(files["traffic.csv"], newline="") as file:
        rows = list(csv.DictReader(file))
    arguments = [options["mode"], "--federation", files["federation.yaml"], "--application", files["application.yaml"],
                 "--traffic", files["traffic.csv"], "--window", str(options["window"]), "--at", options["at"],
                 "--format", "json", "--explain"]
    if "objective" in options:
        arguments += ["--objective", options["objective"]]
    arguments += ["--no-minimum-gain"] if options["noMinimumGain"] else []
    arguments += ["--ignore-unknown"] if options["ignoreUnknown"] else []
    return arguments, (options["mode"], places, app, rows, options["window"], enumeration.instant(options["at"]),
                       options.get("objective"), not options["noMinimumGain"], options["ignoreUnknown"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/release/transhumance")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--limit", type=int, default=4096)
    parser.add_argument("--only", type=int, help="the number of a single instance")
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    keep = arguments.keep or tempfile.mkdtemp(prefix="enumeration-")
    tally, failed = collections.Counter(), 0
    numbers = range(arguments.count) if arguments.only is None else [arguments.only]
    for number in numbers:
        directory = os.path.join(keep, f"{number:04}")
        options, *contents = generate.instance(arguments.seed, number, arguments.limit)
        generate.write(directory, options, *contents)
        command, values = question(directory, options)
        run = subprocess.run([arguments.binary, *command], capture_output=True, text=True)
        try:
            instance = enumeration.Instance(*values)
        except enumeration.UsageError:
            outcome, problems = "usage error", [] if run.returncode == 2 else [f"exit code {run.returncode}, not 2"]
        else:
            expected = instance.document()
            outcome = "mending" if expected.get("mending") else expected["decision"]
            outcome += ", no order" if expected.get("orderable") is False else ""
            try:
                problems = check(instance, expected, run.returncode, run.stdout)
            except (ValueError, KeyError, TypeError) as error:
                problems = [f"unreadable answer: {error!r}"]
        tally[outcome] += 1
        if problems:
            failed += 1
            print(f"{directory}: {' '.join(command)}\n  " + "\n  ".join(problems + [run.stderr.strip()]))
        else:
            for name in os.listdir(directory):
                os.remove(os.path.join(directory, name))
            os.rmdir(directory)
    if not failed and not arguments.keep:
        os.rmdir(keep)
    print(f"{len(numbers)} instances, {failed} differ; expected: "
          + ", ".join(f"{count} {outcome}" for outcome, count in tally.most_common()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
