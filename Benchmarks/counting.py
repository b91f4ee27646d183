#!/usr/bin/env python3
"""Counting beside the C reference, on one core: rows must be equal, then times are compared.

    swift build -c release --package-path Benchmarks
    Benchmarks/counting.py [--runs 5] [--packets 5000000] [CAPTURE.pcap[.gz] …]

Without captures, two are generated: 8 and 45 machines, 64-byte snap. Captures given are pcap with Ethernet and IPv4 (of
IPv6 the reference writes addresses in another form). Both sides read the same file from the page cache,
in turn; times are from the opening of the file to the sorted rows, the best of the runs.
"""
import argparse
import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
PRODUCTS = HERE / ".build/release"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("captures", type=pathlib.Path, nargs="*", metavar="CAPTURE")
    parser.add_argument("--runs", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--packets", type=int, default=5_000_000, help="of generated captures (default: %(default)s)")
    parser.add_argument("--products", type=pathlib.Path, default=PRODUCTS, metavar="DIR", help="default: %(default)s")
    options = parser.parse_args()
    # One core, the same for both.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        reference = folder / "count"
        subprocess.run(["cc", "-O2", "-o", reference, HERE / "Reference/count.c"], check=True)
        print(f"{'capture':<24} {'packets':>9} {'rows':>6} {'C':>12} {'ours':>12} {'ratio':>6}")
        isEqual = True
        for name, capture in captures(options, folder):
            isEqual &= compare(name, capture, reference, options)
        if not isEqual:
            sys.exit("rows differ")


def captures(options, folder):
    """Names and plain files, one at a time."""
    file = folder / "capture.pcap"
    for given in options.captures:
        with (gzip.open if given.suffix == ".gz" else open)(given, "rb") as source, file.open("wb") as plain:
            shutil.copyfileobj(source, plain)
        yield given.name, file
    if not options.captures:
        for machines in (8, 45):
            generate = [options.products / "GenerateCapture", str(options.packets), str(machines), file]
            subprocess.run(generate, check=True)
            yield f"{machines} machines", file


def compare(name, capture, reference, options):
    """Prints a line; whether the rows are equal."""
    seconds = {}
    rows = {}
    for _ in range(options.runs):
        for side, program in ("C", reference), ("ours", options.products / "CountCapture"):
            run = subprocess.run([program, capture], capture_output=True, text=True, check=True)
            packets, time = run.stderr.split()
            rows[side] = run.stdout
            seconds[side] = min(float(time), seconds.get(side, float("inf")))
    speeds = " ".join(f"{int(packets) / time / 1e6:>8.2f} M/s" for time in seconds.values())
    print(f"{name:<24} {packets:>9} {rows['C'].count(chr(10)) - 1:>6} {speeds} {seconds['C'] / seconds['ours']:>6.2f}",
          "" if rows["C"] == rows["ours"] else "rows differ")
    return rows["C"] == rows["ours"]


if __name__ == "__main__":
    main()
