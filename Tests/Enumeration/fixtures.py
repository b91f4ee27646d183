#!/usr/bin/env python3
"""Writes instances with the documents that should come out into one file, for tests that don't run the command.

  fixtures.py --seed 2 --count 24 --limit 700 > fixtures.json
"""
import argparse
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
import compare
import enumeration
import generate


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", default="2")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--limit", type=int, default=700)
    arguments = parser.parse_args()
    entries, number = [], 0
    with tempfile.TemporaryDirectory() as directory:
        while len(entries) < arguments.count:
            options, *contents = generate.instance(arguments.seed, number, arguments.limit)
            generate.write(directory, options, *contents)
            number += 1
            try:
                expected = enumeration.Instance(*compare.question(directory, options)[1]).document()
            except enumeration.UsageError:
                continue
            with open(os.path.join(directory, "traffic.csv")) as file:
                traffic = file.read()
            entries.append({"options": options, "federation": contents[0], "application": contents[1],
                            "traffic": traffic, "expected": expected})
    print("[" + ",\n".join(json.dumps(entry) for entry in entries) + "]")


if __name__ == "__main__":
    main()
