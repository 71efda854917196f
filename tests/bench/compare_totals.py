#!/usr/bin/env python3
"""Compares what was counted twice for the same queries: compare_totals.py A.tsv B.tsv

Both are files of totals of bench_search, `qid TAB articles`. Prints the queries whose totals differ, or that one
file lacks, as `qid TAB total of A TAB total of B`; the exit status is 1 when there are any.
"""
import sys


def read_totals(path):
    with open(path, encoding='utf-8') as file:
        return dict(line.rstrip('\n').split('\t') for line in file)


def differences(a, b):
    """The triples (qid, total of A, total of B) that differ, of two files."""
    a, b = read_totals(a), read_totals(b)
    return [(qid, a.get(qid, '-'), b.get(qid, '-')) for qid in sorted(a.keys() | b.keys())
            if a.get(qid) != b.get(qid)]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    found = differences(*sys.argv[1:])
    for row in found:
        print(*row, sep='\t')
    sys.exit(1 if found else 0)


if __name__ == '__main__':
    main()
