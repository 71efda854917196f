#!/usr/bin/env python3
"""Judge the ranking on the collections of ../shared: what `make eval` runs.

Each collection is indexed and asked by the real programs, with plain queries, 1000 results a query. One row
of the table is one set of queries (see queries.py; `edit` is the mean of its three draws):

    of clean   the share of the nDCG@10 of the clean queries that is kept
    before     the leading figure, MRR@10 for `three` and nDCG@10 for all others: what the baseline says for
               fihris; what fihris has in this run for a peer
    change, p  the row's leading figure less that, and how likely chance alone does as much (compare.py)

Exit status 1 when a set is worse than the baseline and p is below .05.
"""
import sys

sys.dont_write_bytecode = True

import argparse
import os

import compare
import material
import metrics
import queries
import systems

HERE = os.path.dirname(os.path.abspath(__file__))
SETS = ('clean', 'three', 'careless', 'edit')
COLUMNS = ('system', 'collection', 'set', 'queries', *metrics.METRICS, 'of clean', 'before', 'change', 'p')
PEER_DEPTH = 100  # some peers take long for more; it cuts their MAP a little


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default=os.path.join(HERE, '../../build'), help='the build folder')
    parser.add_argument('--shared', default=os.path.join(HERE, '../../../shared'))
    parser.add_argument('--engine', default='', help='of the index')
    parser.add_argument('--stemmer', default='', help='of the index')
    parser.add_argument('--collections', default=','.join(material.COLLECTIONS))
    parser.add_argument('--sets', default=','.join(SETS))
    parser.add_argument('--peers', default='', help='NAME=FOLDER[:option=value,...] with a driver each, by spaces')
    parser.add_argument('--depth', type=int, default=1000)
    parser.add_argument('--baseline', default=os.path.join(HERE, 'baseline.tsv'), help='the file to compare with')
    parser.add_argument('--write-baseline', action='store_true', help='and to write')
    args = parser.parse_args()
    args.collections, args.sets = words(args.collections), words(args.sets)
    for given, known in ((args.collections, material.COLLECTIONS), (args.sets, SETS)):
        for name in given:
            if name not in known:
                parser.error(f'{name}: one of {", ".join(known)}')
    return args


def words(text):
    return text.replace(',', ' ').split()


def tell(text):
    print(text, file=sys.stderr, flush=True)


def leading(name):
    return metrics.METRICS.index('MRR@10' if name == 'three' else 'nDCG@10')


class Judge:
    """Asks systems, and remembers the figures of each query."""

    def __init__(self, folder, depth):
        self.folder, self.depth = folder, depth
        self.costs, self.made = [], {}

    def ask(self, system, collection, names):
        """{set: {query: figures}}"""
        tell(f'{system.name}: {collection.name}')
        index, known = system.index(collection.name, collection.documents())
        engine, analysis = known.get('engine', system.name), known.get('analysis', 'its own')
        self.made[system.name] = f'engine {engine}, analysis {analysis}'
        return {name: self.figures(system, collection, name, index, known) for name in names}

    def figures(self, system, collection, name, index, known):
        depth = self.depth if isinstance(system, systems.Fihris) else min(self.depth, PEER_DEPTH)
        draws = queries.EDITS if name == 'edit' else [name]
        seconds, scores = 0.0, []
        for draw in draws:
            output = os.path.join(self.folder, f'{system.name}.{collection.name}.{draw}.run')
            seconds += system.search(index, collection.asked(draw), depth, output)
            scores.append(metrics.score_run(collection.qrels, metrics.read_run(output)))
            os.remove(output)
        self.costs.append((system.name, collection.name, name, known['index_bytes'], known['cpu_s'],
                           1e3 * seconds / len(draws) / len(collection.queries)))
        return {query: metrics.mean({n: s[query] for n, s in enumerate(scores)}) for query in collection.qrels}


def in_order(collection, figures, name):
    """The leading figure of each query; 0 for one that nothing is relevant to."""
    return [figures[query][leading(name)] if query in figures else 0.0 for query, _ in collection.queries]


def row(system, collection, name, found, before):
    """A line of the table; BEFORE: the leading figures to compare with, or None."""
    means = metrics.mean(found[name])
    ours = in_order(collection, found[name], name)
    clean = metrics.mean(found['clean'])[0] if 'clean' in found and name in ('careless', 'edit') else 0
    cells = [system, collection.name, name, len(found[name]), *(f'{m:.4f}' for m in means),
             f'{means[0] / clean:.3f}' if clean else '']
    if before is None:
        return cells + ['', '', ''], False
    count = len(found[name])
    change = (sum(ours) - sum(before)) / count
    p = compare.p_value(ours, before)
    return cells + [f'{sum(before) / count:.4f}', f'{round(change, 4) + 0:+.4f}', f'{p:.4f}'], change < 0 and p < 0.05


def table(columns, rows):
    """In Markdown: text to the left, figures to the right."""
    widths = [max(len(str(row[i])) for row in [columns] + rows) for i in range(len(columns))]
    left = [not rows or not str(rows[0][i])[:1] in '+-.0123456789' for i in range(len(columns))]

    def line(cells):
        return '| ' + ' | '.join(str(c).ljust(w) if l else str(c).rjust(w)
                                 for c, w, l in zip(cells, widths, left)) + ' |'

    rule = '|' + '|'.join('-' * (w + 2) if l else '-' * (w + 1) + ':' for w, l in zip(widths, left)) + '|'
    return '\n'.join([line(columns), rule, *map(line, rows)])


def judge(args, folder):
    """Ask all systems on all collections; the rows, whether one is worse, and the judge."""
    known = [option for name in ('engine', 'stemmer') if getattr(args, name)
             for option in (f'--{name}', getattr(args, name))]
    home = os.path.join(folder, '-'.join(known[1::2]) or 'default')
    ours = systems.Fihris(os.path.join(args.build, 'bin'), known, home)
    peers = [systems.Peer(text, folder) for text in args.peers.split()]
    asking, baseline = Judge(folder, args.depth), compare.Baseline().read(args.baseline)
    rows, worse = [], False
    for collection in (material.Collection(name, args.shared, folder) for name in args.collections):
        names = [name for name in args.sets if name != 'three' or collection.name == 'news_knownitem']
        found = asking.ask(ours, collection, names)
        leads = {name: in_order(collection, found[name], name) for name in names}
        for name in names:
            cells, sign = row(ours.name, collection, name, found, baseline.get(collection, name))
            rows.append(cells)
            worse = worse or sign
        for peer in peers:
            theirs = asking.ask(peer, collection, names)
            rows += [row(peer.name, collection, name, theirs, leads[name])[0] for name in names]
        if args.write_baseline:
            baseline.put(collection, leads)
    if args.write_baseline:
        baseline.write(args.baseline, 'The leading figure of each query. make eval BASELINE=1 writes it.')
    return rows, worse, asking


def main():
    args = options()
    if not os.path.isdir(os.path.join(args.shared, 'collections')):
        print('skipped: ../shared is not there')
        return 0
    folder = os.path.join(args.build, 'eval')
    os.makedirs(folder, exist_ok=True)
    rows, worse, asking = judge(args, folder)
    print(table(COLUMNS, rows), end='\n\n')
    for name, how in asking.made.items():
        print(f'{name}: {how}', end='\n\n')
    print(table(('system', 'collection', 'set', 'index bytes', 'index CPU s', 'search CPU ms'),
                [[*cost[:3], cost[3], f'{cost[4]:.2f}', f'{cost[5]:.3f}'] for cost in asking.costs]))
    if worse:
        tell('worse than the baseline')
    return int(worse)


if __name__ == '__main__':
    sys.exit(main())
