#!/usr/bin/env python3
"""What single updates cost and leave behind: bytes, and the time of searches.

    measure_updates.py BUILD CORPUS.jsonl QUERIES.tsv [--updates 1000] [--engine native] [--folder DIR]

An index is built of the corpus and measured; so many articles of it are changed one by one, each durable before the
next (bench_update); it is measured again; and so is an index built anew of the articles as they are then. Prints a
table, and writes DIR/updates.json. All that is compared is of one run, on a machine that has nothing else to do.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile


def run(*command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit("measure_updates: failed: " + " ".join(map(str, command)))
    return done.stdout


def build(options, corpus, index):
    run(options.build + "/bin/fihris-index", "-q", "--engine", options.engine, "-o", index, corpus)


def search(options, index, mode):
    """The median and the 99th percentile of the best times, in milliseconds."""
    times = os.path.join(options.folder, "times.tsv")
    run(options.build + "/bench/bench_search", index, options.queries, "--mode", mode, "--lat", times)
    with open(times) as lines:
        best = sorted(float(line.split("\t")[1]) / 1000 for line in lines)
    return statistics.median(best), best[len(best) * 99 // 100]


def measure(options, index):
    stats = json.loads(run(options.build + "/bin/fihris-index", "--stats", index))
    found = {"index_bytes": stats["index_bytes"], "text_bytes": stats["text_bytes"]}
    for mode in "or", "and":
        found[mode + "_p50_ms"], found[mode + "_p99_ms"] = search(options, index, mode)
    found["segments"] = sum(name.endswith(".seg") for _, _, names in os.walk(index) for name in names)
    return found


def tell(rows):
    print(f"{'':16}{'MB':>8}{'of text':>9}{'segments':>10}" + "".join(f"{m:>10}" for m in ("OR p50", "p99", "AND p50", "p99")))
    for name, row in rows.items():
        print(f"{name:16}{row['index_bytes'] / 1e6:8.1f}{row['index_bytes'] / row['text_bytes']:9.3f}{row['segments']:10}"
              + "".join(f"{row[key]:10.4f}" for key in ("or_p50_ms", "or_p99_ms", "and_p50_ms", "and_p99_ms")))


def main():
    parser = argparse.ArgumentParser(description="measure an index before and after single updates")
    parser.add_argument("build")
    parser.add_argument("corpus")
    parser.add_argument("queries")
    parser.add_argument("--updates", type=int, default=1000)
    parser.add_argument("--engine", default="native")
    parser.add_argument("--folder", default=None)
    options = parser.parse_args()
    options.folder = options.folder or tempfile.mkdtemp(prefix="fihris-updates.")
    os.makedirs(options.folder, exist_ok=True)
    index, anew, final = (os.path.join(options.folder, name) for name in ("index", "anew", "final.jsonl"))
    build(options, options.corpus, index)
    rows = {"built": measure(options, index)}
    updates = json.loads(run(options.build + "/bench/bench_update", index, options.corpus, options.updates,
                             "--final", final))
    rows["updated"] = measure(options, index)
    build(options, final, anew)
    rows["built anew"] = measure(options, anew)
    tell(rows)
    print(f"{updates['updates']} updates: median {updates['median_ms']:.2f} ms, p99 {updates['p99_ms']:.2f} ms,"
          f" {updates['mean_cpu_ms']:.2f} ms of the processor")
    with open(os.path.join(options.folder, "updates.json"), "w") as out:
        json.dump({"updates": updates, "indexes": rows}, out, indent=1)


if __name__ == "__main__":
    main()
