#!/usr/bin/env python3
"""Figures of rankings: metrics.py QRELS RUN... prints one line of them for each TREC run file.

The definitions are those of trec_eval (Voorhees and Harman, TREC, 2005), on what a user sees:

    nDCG@10    gain is the grade, discount log2(rank + 1), divided by the best that can be had
    MAP        precision at the rank of each relevant document, 0 for those that are missing
    MRR@10     1 / rank of the first relevant document, 0 when it is not among ten
    R@100      share of the relevant documents that are among the first hundred
    success@1  1 when the first document is relevant

A document is relevant from grade 1 up. The order is that of the rank column; a document that stands
twice counts where it stands first. Means go over the queries that have a relevant document: one that
the run lacks counts 0.
"""
import math
import sys

METRICS = ('nDCG@10', 'MAP', 'MRR@10', 'R@100', 'success@1')


def read_qrels(path):
    """{query: {document: grade}}, of the relevant documents only."""
    relevant = {}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            fields = line.split()
            if len(fields) == 4 and int(fields[3]) >= 1:
                relevant.setdefault(fields[0], {})[fields[2]] = int(fields[3])
    return relevant


def read_run(path):
    """{query: [document, best first]}"""
    ranks = {}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            fields = line.split()
            if len(fields) >= 5:
                ranks.setdefault(fields[0], []).append((int(fields[3]), fields[2]))
    return {query: list(dict.fromkeys(document for _, document in sorted(found, key=lambda f: f[0])))
            for query, found in ranks.items()}


def gain(grades):
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades[:10]))


def score(relevant, ranking):
    """The figures of one query, in the order of METRICS; RELEVANT is not empty."""
    places = [place for place, document in enumerate(ranking) if document in relevant]
    ideal = gain(sorted(relevant.values(), reverse=True))
    precision = sum((n + 1) / (place + 1) for n, place in enumerate(places))
    first = places[0] if places else len(ranking)
    return (gain([relevant.get(document, 0) for document in ranking[:10]]) / ideal,
            precision / len(relevant),
            1 / (first + 1) if places and first < 10 else 0.0,
            sum(place < 100 for place in places) / len(relevant),
            float(bool(places) and first == 0))


def score_run(qrels, run):
    """{query: figures} for every query of QRELS."""
    return {query: score(relevant, run.get(query, [])) for query, relevant in qrels.items()}


def mean(figures):
    """The means of the columns of {query: figures}."""
    return tuple(sum(column) / len(figures) for column in zip(*figures.values()))


def main():
    if len(sys.argv) < 3:
        sys.exit('usage: metrics.py QRELS RUN...')
    qrels = read_qrels(sys.argv[1])
    if not qrels:
        sys.exit(f'{sys.argv[1]}: no document is relevant')
    for path in sys.argv[2:]:
        means = mean(score_run(qrels, read_run(path)))
        print(path, *(f'{name} {value:.4f}' for name, value in zip(METRICS, means)), sep='  ')


if __name__ == '__main__':
    main()
