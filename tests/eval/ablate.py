#!/usr/bin/env python3
"""What each step of the chain gives and costs, as a table in Markdown: what `make ablate` runs.

Each row of variants.tsv is judged beside the first, the chain as it stands. A step that is no option of the
programs is changed in a copy of the sources, which is built below the build folder. The columns:

    collections    nDCG@10; `three` is MRR@10 for three words of a headline; `edit` the nDCG@10 of qa_pool with
                   one error of typing. A star: unlike the first row, p below .05 (compare.py).
    M postings     of both forms; and of the same collection, the last one named, the size of its index, the
                   seconds of CPU to build it, and the milliseconds of CPU for a search with ten results
"""
import sys

sys.dont_write_bytecode = True

import argparse
import json
import os
import re
import shutil
import subprocess

import compare
import judge
import material
import systems

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')
SOURCES = ('Makefile', 'base', 'stemmers', 'engines', 'indexer', 'searcher')
SHOWN = (('qa_pool', 'clean'), ('arcd', 'clean'), ('xquad_ar', 'clean'), ('news_knownitem', 'clean'),
         ('news_knownitem', 'three'), ('qa_pool', 'edit'))


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default=os.path.join(ROOT, 'build'), help='the build folder')
    parser.add_argument('--shared', default=os.path.join(ROOT, '..', 'shared'))
    parser.add_argument('--engine', default='', help='of the indexes')
    parser.add_argument('--collections', default=','.join(material.COLLECTIONS))
    parser.add_argument('--variants', default='.', help='only those rows whose name this pattern finds, and the first')
    args = parser.parse_args()
    args.collections = judge.words(args.collections)
    return args


def read_variants(path):
    """[(name, options, [(file, pattern, replacement)])]"""
    found = []
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            if not line.startswith('#'):
                name, *rest = line.rstrip('\n').split('\t')
                found.append((name, rest[0].split() if rest else [], list(zip(rest[1::3], rest[2::3], rest[3::3]))))
    return found


def change(path, pattern, replacement):
    with open(path, encoding='utf-8') as file:
        text, count = re.subn(pattern, replacement, file.read())
    if count != 1:
        sys.exit(f'{path}: {pattern}: stands there {count} times')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def build(folder, edits):
    """The programs of the changed sources."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for source in SOURCES:
        path = os.path.join(ROOT, source)
        (shutil.copytree if os.path.isdir(path) else shutil.copy)(path, os.path.join(folder, source))
    for file, pattern, replacement in edits:
        change(os.path.join(folder, file), pattern, replacement)
    subprocess.run(['make', '-s', '-C', folder, 'B=build', '-j2', 'programs'], check=True, stdout=sys.stderr)
    return os.path.join(folder, 'build', 'bin')


def count_postings(bin, options, documents):
    """The postings of both forms: the different terms of each document, added up."""
    stemmer = options[options.index('--stemmer') + 1] if '--stemmer' in options else None
    with open(documents, encoding='utf-8') as lines:
        articles = (json.loads(line) for line in lines)
        texts = '\n'.join(' '.join(f'{a.get("title", "")} {a["body"]}'.split()) for a in articles) + '\n'
    total = 0
    for more in (['--form', 'folded'], ['--stemmer', stemmer] if stemmer else []):
        out = subprocess.run([os.path.join(bin, 'fihris-stem'), *more], input=texts, check=True, capture_output=True,
                             text=True, encoding='utf-8').stdout
        total += sum(len(set(line.rpartition('\t')[2].split())) for line in out.splitlines())
    return total


class Ablation:
    def __init__(self, args):
        self.args = args
        self.folder = os.path.join(args.build, 'eval')
        os.makedirs(self.folder, exist_ok=True)
        self.collections = [material.Collection(name, args.shared, self.folder) for name in args.collections]
        self.asking = judge.Judge(self.folder, 100)

    def system(self, name, options, edits):
        plain = re.sub('[^a-z0-9]+', '-', name)
        bin = os.path.join(self.args.build, 'bin')
        if edits:
            bin = build(os.path.join(self.folder, 'variants', plain), edits)
        options = options + (['--engine', self.args.engine] if self.args.engine else [])
        return systems.Fihris(bin, options, os.path.join(self.folder, 'variants', f'{plain}.indexes'))

    def figures(self, system):
        """{(collection, set): the leading figure of each query}"""
        found = {}
        for collection in self.collections:
            names = [name for of, name in SHOWN if of == collection.name]
            asked = self.asking.ask(system, collection, names)
            found |= {(collection.name, name): judge.in_order(collection, asked[name], name) for name in names}
        return found

    def costs(self, system):
        """Cells for postings, bytes, seconds, milliseconds."""
        last = self.collections[-1]
        index, known = system.index(last.name, last.documents())
        asked = last.asked('clean')
        seconds = min(system.search(index, asked, 10, os.devnull) for _ in range(3))
        postings = count_postings(system.bin, system.options, last.documents())
        return [f'{postings / 1e6:.2f}', f'{known["index_bytes"] / 1e6:.1f} MB', f'{known["cpu_s"]:.1f}',
                f'{1e3 * seconds / len(last.queries):.3f}']

    def row(self, name, options, edits, first):
        system = self.system(name, options, edits)
        found, cells = self.figures(system), []
        for key in (key for key in SHOWN if key in found):
            ours = found[key]
            count = len(next(c for c in self.collections if c.name == key[0]).qrels)
            star = '*' if first and compare.p_value(ours, first[key]) < 0.05 else ''
            cells.append(f'{sum(ours) / count:.4f}{star}')
        cells = [name, *cells, *self.costs(system)]
        shutil.rmtree(system.folder)
        return cells, found


def main():
    args = options()
    if not os.path.isdir(os.path.join(args.shared, 'collections')):
        print('skipped: ../shared is not there')
        return
    ablation, first, rows = Ablation(args), None, []
    for n, (name, more, edits) in enumerate(read_variants(os.path.join(HERE, 'variants.tsv'))):
        if n > 0 and not re.search(args.variants, name):
            continue
        judge.tell(f'ablate: {name}')
        cells, found = ablation.row(name, more, edits, first)
        judge.tell(' | '.join(cells))
        first = first or found
        rows.append(cells)
    shown = [of if name == 'clean' else name for of, name in SHOWN if of in args.collections]
    print(judge.table(['step', *shown, 'M postings', 'index', 'index CPU s', 'search CPU ms'], rows))


if __name__ == '__main__':
    main()
