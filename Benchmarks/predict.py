#!/usr/bin/env python3
"""Predicted against measured run times on two sites (docs/waits.md). Standard library only.

DIRECTORY holds README.md, whose table says what part of a run was captured
    | cg.A.8, mg.A.8 | 1.266, 0.750 | the same |      (capture, seconds captured, seconds of the timed part)
and runs/, with NAME.pcap.gz and runtimes.csv
    benchmark,delay_ms,split,seconds_median,…          (split `one`: one site; `1234|5678`: ranks on two)
A rank is the last number of its address; ranks beyond 9 are a to z, or the sides' ranks are parted by commas.

Time of a split = time on one site + one-way delay × the largest sum over a rank's pairs across of both rows' waits
+ 1.05 × IP bytes across, the larger direction, / 125·10⁶; waits and bytes are scaled by timed / captured.
"""
import argparse
import csv
import io
import pathlib
import re
import statistics
import subprocess
import sys

BYTES_PER_SECOND = 125e6
HEADERS = 1.05


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--matrices", type=pathlib.Path, metavar="DIR",
                        help="read DIR/NAME.csv, written by `transhumance analyze --format csv`, instead of running it")
    parser.add_argument("--transhumance", default=".build/release/transhumance", metavar="PATH",
                        help="the executable (default: %(default)s)")
    options = parser.parse_args()
    seconds = read_seconds(options.directory / "README.md")
    results = []
    for name, runs in read_runtimes(options.directory / "runs" / "runtimes.csv").items():
        if options.matrices:
            text = (options.matrices / f"{name}.csv").read_text()
        else:
            text = analyze(options.transhumance, options.directory / "runs" / f"{name}.pcap.gz")
        if name not in seconds:
            sys.exit(f"{options.directory}/README.md: no row of the table says what part of {name} was captured")
        captured, timed = seconds[name]
        results += predict(name, read_matrix(name, text), runs, timed / captured)
    if not results:
        sys.exit(f"{options.directory}/runs/runtimes.csv: no split was measured")
    report(results)


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


def predict(name, matrix, runs, scale):
    """Name, split, delay, measured and predicted seconds, crossings; one for each run on two sites."""
    one = next(measured for _, split, measured in runs if split == "one")
    results = []
    for delay, split, measured in runs:
        if split == "one":
            continue
        left, right = map(ranks, split.split("|"))
        waits = dict.fromkeys(left | right, 0)
        across = {True: 0, False: 0}
        for (source, destination), (ip_bytes, wait) in matrix.items():
            leaves = source in left and destination in right
            if leaves or (source in right and destination in left):
                across[leaves] += ip_bytes
                waits[source] += wait
                waits[destination] += wait
        crossings = max(waits.values()) * scale
        predicted = one + delay * crossings + HEADERS * max(across.values()) * scale / BYTES_PER_SECOND
        results.append((name, split, delay, measured, predicted, crossings))
    return results


def report(results):
    errors = {}
    print(f"{'program':<8} {'split':<20} {'ms':>5} {'measured':>9} {'predicted':>9} {'error':>7} {'crossings':>9}")
    for name, split, delay, measured, predicted, crossings in results:
        error = predicted / measured - 1
        errors.setdefault(name, []).append(abs(error))
        print(f"{name:<8} {split:<20} {delay * 1000:>5g} {measured:>8.2f}s {predicted:>8.2f}s {error:>+7.1%}"
              f" {crossings:>9.0f}")
    print()
    for name, values in errors.items():
        print(f"{name:<8} median {statistics.median(values):.1%}, worst {max(values):.1%}, {len(values)} rows")
    every = [error for values in errors.values() for error in values]
    print(f"all      median {statistics.median(every):.1%}, p90 {percentile(every, 0.9):.1%}, {len(every)} rows")
    print_order(results)


def percentile(values, share):
    """Between the two nearest ranks, in proportion (as numpy's default)."""
    values = sorted(values)
    below, part = divmod(share * (len(values) - 1), 1)
    upper = min(int(below) + 1, len(values) - 1)
    return values[int(below)] + part * (values[upper] - values[int(below)])


def print_order(results):
    """Whether the faster of two splits of a program is named, where the slower takes over 10 % longer."""
    right, wrong = 0, []
    for index, (name, split, delay, measured, predicted, _) in enumerate(results):
        for other_name, other, other_delay, other_measured, other_predicted, _ in results[:index]:
            if (name, delay) != (other_name, other_delay):
                continue
            if max(measured, other_measured) <= 1.1 * min(measured, other_measured):
                continue
            if (measured < other_measured) == (predicted < other_predicted):
                right += 1
            else:
                wrong.append(f"{name} at {delay * 1000:g} ms: {other}, {split}")
    print(f"better split named: {right} of {right + len(wrong)} pairs that differ by over 10 %")
    for pair in wrong:
        print(f"  wrong: {pair}")


if __name__ == "__main__":
    main()
