#!/usr/bin/env python3
"""Predicted against measured run times on two sites (docs/waits.md), by one or several models. Standard library only.

DIRECTORY holds README.md, whose table says what part of a run was captured
    | cg.A.8, mg.A.8 | 1.266, 0.750 | the same |      (capture, seconds captured, seconds of the timed part)
and runs/, with NAME.pcap.gz and runtimes.csv
    benchmark,delay_ms,split,seconds_median,…          (split `one`: one site; `1234|5678`: ranks on two)
A rank is the last number of its address; ranks beyond 9 are a to z, or the sides' ranks are parted by commas.

Time of a split = time on one site + (one-way delay × crossings + 1.05 × IP bytes across, the larger direction,
/ 125·10⁶) × timed / captured. Crossings are, by the model (models.py; all but `waits` read the captures themselves),

    waits         the product's: the largest sum, over ranks, of both rows' waits of its pairs across
    rounds        the same sum of what waits were derived from before: rounds, windows and lag
    peers         rounds against the set of all peers across, as if they were one: the largest number, over ranks
    replay        a replay of all transfers, each of which needs all that came before it; with the link's bandwidth in
                  it instead of the term above
    replay-swaps  the same without bandwidth, with half the delay for pairs that swap by the rule of waits

and are printed as (predicted − one site − the term of bytes) / delay. Rows of --runtimes count for nothing in the
summary: splits that were measured apart.
"""
import argparse
import csv
import io
import pathlib
import re
import statistics
import subprocess
import sys

sys.dont_write_bytecode = True
import transfers
from models import BYTES_PER_SECOND, MODELS, crosses

HEADERS = 1.05


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--model", default="waits", metavar="NAME[,NAME…]",
                        help=f"of {', '.join(MODELS)} (default: %(default)s)")
    parser.add_argument("--runtimes", type=pathlib.Path, metavar="FILE",
                        help="further rows of the same captures, in the form of runtimes.csv")
    parser.add_argument("--matrices", type=pathlib.Path, metavar="DIR",
                        help="read DIR/NAME.csv, written by `transhumance analyze --format csv`, instead of running it")
    parser.add_argument("--transhumance", default=".build/release/transhumance", metavar="PATH",
                        help="the executable (default: %(default)s)")
    options = parser.parse_args()
    names = options.model.split(",")
    for name in names:
        if name not in MODELS:
            parser.error(f"no model `{name}`; there are {', '.join(MODELS)}")
    seconds = read_seconds(options.directory / "README.md")
    apart = read_runtimes(options.runtimes) if options.runtimes else {}
    results = {name: [] for name in names}
    others = {name: [] for name in names}
    for program, runs in read_runtimes(options.directory / "runs" / "runtimes.csv").items():
        capture = options.directory / "runs" / f"{program}.pcap.gz"
        if options.matrices:
            text = (options.matrices / f"{program}.csv").read_text()
        else:
            text = analyze(options.transhumance, capture)
        if program not in seconds:
            sys.exit(f"{options.directory}/README.md: no row of the table says what part of {program} was captured")
        captured, timed = seconds[program]
        matrix = read_matrix(program, text)
        events = transfers.read_events(capture) if names != ["waits"] else []
        one = next(measured for _, split, measured in runs if split == "one")
        for name in names:
            extra = MODELS[name](matrix, events)
            results[name] += predict(program, matrix, one, runs, timed / captured, extra)
            others[name] += predict(program, matrix, one, apart.get(program, []), timed / captured, extra)
    if not any(results.values()):
        sys.exit(f"{options.directory}/runs/runtimes.csv: no split was measured")
    for name in names:
        if len(names) > 1:
            print(f"== {name}")
        report(results[name], others[name])
    if len(names) > 1:
        summarize(results, others)


def analyze(executable, capture):
    run = subprocess.run([executable, "analyze", capture, "--format", "csv"], stdout=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(f"{executable} analyze {capture}: exit code {run.returncode}")
    return run.stdout


def read_seconds(path):
    """Seconds captured and seconds of the timed part, by capture."""
    seconds = {}
    for line in path.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 3 or not re.fullmatch(r"[\d., ]+", cells[1]):
            continue
        names, captured = ([part.strip() for part in cell.split(",")] for cell in cells[:2])
        timed = captured if cells[2] == "the same" else [part.strip() for part in cells[2].split(",")]
        for name, *pair in zip(names, captured, timed, strict=True):
            seconds[name] = tuple(map(float, pair))
    return seconds


def read_runtimes(path):
    """Delay in seconds, split and measured seconds of every run, by capture."""
    runs = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            measured = float(row["delay_ms"]) / 1000, row["split"], float(row["seconds_median"])
            runs.setdefault(row["benchmark"], []).append(measured)
    return runs


def read_matrix(name, text):
    """IP bytes and waits by source and destination rank."""
    matrix = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row.get("waits") is None:
            sys.exit(f"{name}: the matrix has no column `waits`")
        pair = rank(row["source"]), rank(row["destination"])
        ip_bytes, waits = matrix.get(pair, (0, 0))
        matrix[pair] = ip_bytes + int(row["ip_bytes"]), waits + float(row["waits"])
    return matrix


def rank(address):
    return int(re.search(r"\d+$", address).group())


def ranks(side):
    return {int(part) for part in side.split(",")} if "," in side else {int(letter, 36) for letter in side}


def predict(program, matrix, one, runs, scale, extra):
    """Program, split, delay, measured and predicted seconds, crossings; one for each run on two sites."""
    rows = []
    for delay, split, measured in runs:
        if split == "one":
            continue
        left, right = map(ranks, split.split("|"))
        across = {True: 0, False: 0}
        for (source, destination), (ip_bytes, _) in matrix.items():
            if crosses(left, right, source, destination):
                across[source in left] += ip_bytes
        transfer = HEADERS * max(across.values()) / BYTES_PER_SECOND
        seconds = extra(left, right, delay, transfer)
        rows.append((program, split, delay, measured, one + scale * seconds, scale * (seconds - transfer) / delay))
    return rows


def report(rows, others):
    errors = {}
    print(f"{'program':<8} {'split':<20} {'ms':>5} {'measured':>9} {'predicted':>9} {'error':>7} {'crossings':>9}")
    for program, split, delay, measured, predicted, crossings in rows + others:
        print(f"{program:<8} {split:<20} {delay * 1000:>5g} {measured:>8.2f}s {predicted:>8.2f}s"
              f" {predicted / measured - 1:>+7.1%} {crossings:>9.0f}")
    print()
    for row in rows:
        errors.setdefault(row[0], []).append(error(row))
    for program, values in errors.items():
        print(f"{program:<8} median {statistics.median(values):.1%}, worst {max(values):.1%}, {len(values)} rows")
    every = [error(row) for row in rows]
    print(f"all      median {statistics.median(every):.1%}, p90 {percentile(every, 0.9):.1%}, {len(every)} rows")
    right, wrong = order(rows)
    print(f"better split named: {right} of {right + len(wrong)} pairs that differ by over 10 %")
    for pair in wrong:
        print(f"  wrong: {pair}")
    print()


def summarize(results, others):
    """One line a model, in Markdown."""
    print("| model | median | p90 | worst | mean | better split named | further rows |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, rows in results.items():
        every = [error(row) for row in rows]
        right, wrong = order(rows)
        further = ", ".join(f"{row[0]} {row[1]}: {row[4] / row[3] - 1:+.0%}" for row in others[name])
        print(f"| {name} | {statistics.median(every):.1%} | {percentile(every, 0.9):.1%} | {max(every):.0%}"
              f" | {statistics.mean(every):.1%} | {right} of {right + len(wrong)} | {further} |")


def error(row):
    return abs(row[4] / row[3] - 1)


def percentile(values, share):
    """Between the two nearest ranks, in proportion (as numpy's default)."""
    values = sorted(values)
    below, part = divmod(share * (len(values) - 1), 1)
    upper = min(int(below) + 1, len(values) - 1)
    return values[int(below)] + part * (values[upper] - values[int(below)])


def order(rows):
    """How often the faster of two splits is named, where the slower takes over 10 % longer, and where it isn't."""
    right, wrong = 0, []
    for index, (program, split, delay, measured, predicted, _) in enumerate(rows):
        for other_program, other, other_delay, other_measured, other_predicted, _ in rows[:index]:
            if (program, delay) != (other_program, other_delay):
                continue
            if max(measured, other_measured) <= 1.1 * min(measured, other_measured):
                continue
            if (measured < other_measured) == (predicted < other_predicted):
                right += 1
            else:
                wrong.append(f"{program} at {delay * 1000:g} ms: {other}, {split}")
    return right, wrong


if __name__ == "__main__":
    main()
