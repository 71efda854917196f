#!/usr/bin/env python3
"""Measures speed and size of a build and writes tables and charts: what `make bench` runs.

    bench.py BUILD [--corpus CORPUS.jsonl[.gz]] [--queries QUERIES.tsv] [--engines "A B"] [--sizes "N N"] ...

For each engine: how fast CORPUS is indexed by two workers, what each part of the index takes, how long each kind
of query takes (in one process, warm, on one thread, each query's best of some passes), the memory of that process,
a fihris-search from exec to exit, and a fihris-index that changes one article. Then the same kinds on the articles of --pages cut into short pages, so many
as --sizes says. QUERIES are for OR, AND, the sort by date and snippets; all others, and those where there are
none, are made of the corpus with a fixed seed.

The totals of each query must be the same in all engines, and every kind must find something: else what is wrong
is printed, and the exit status is 1. Writes bench.json, bench.md, latency.svg and size.svg in --out; --docs
gets a copy of table and charts when nothing is wrong. Without a corpus, and without the folder of shared material
that has one, it says so and does nothing.
"""
import argparse
import gzip
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections import namedtuple

sys.dont_write_bytecode = True
import bench_chart  # noqa: E402
import bench_table  # noqa: E402
from bench_measure import allocated_bytes, fail, run, summarise  # noqa: E402
from compare_totals import differences  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
JOBS = 2
COLD_RUNS = 20
UPDATES = 20
DONE = (0, 1)  # what our programs end with when they did what they should
SHOWN_DIFFERENCES = 5
OUTPUTS = ('bench.md', 'latency.svg', 'size.svg')

# What the folder of shared material has.
NEWS = 'corpora/news.jsonl.gz'
JOURNALS = 'corpora/journals.jsonl.gz'
GEN_QUERIES = 'peers/gen-queries'

# A kind of query: how it is called, the file of its queries, what bench_search is told, and the kind that asks for
# the same articles in another way, whose totals must be the same.
Kind = namedtuple('Kind', 'name queries options same', defaults=((), None))
KINDS = (
    Kind('OR', 'words'),
    Kind('AND', 'words', ('--mode', 'and')),
    Kind('phrase of 2 words', 'phrase', ('--plain', '0')),
    Kind('wildcard', 'wildcard', ('--plain', '0')),
    Kind('OR, newest first', 'words', ('--sort', 'date'), 'OR'),
    Kind('OR in one source', 'source', ('--plain', '0')),
    Kind('OR in a month or day', 'date', ('--plain', '0')),
    Kind('OR with ten snippets', 'words', ('--snippets', '1'), 'OR'),
)


def say(text):
    print(text, file=sys.stderr, flush=True)


class Bench:
    """One run: where it works, what it is to measure, and what it found wrong."""

    def __init__(self, args):
        self.args = args
        self.programs = os.path.join(args.build, 'bin')
        self.search = os.path.join(args.build, 'bench', 'bench_search')
        self.out = os.path.abspath(args.out or os.path.join(args.build, 'bench'))
        self.work = os.path.join(self.out, 'work')
        self.wrong = []
        known = subprocess.run([self.search, '--engines'], check=True, capture_output=True, text=True)
        self.engines = args.engines.split() or known.stdout.split()

    def program(self, name):
        return os.path.join(self.programs, name)

    def place(self, *names):
        return os.path.join(self.work, *names)

    # ---- Corpora and queries ----

    def unpack(self, path):
        """CORPUS as a plain file: what unpacking takes is not measured."""
        if not path.endswith('.gz'):
            return path
        plain = self.place(os.path.basename(path)[:-len('.gz')])
        if not os.path.exists(plain) or os.path.getmtime(plain) < os.path.getmtime(path):
            say(f'unpacking {path}')
            with gzip.open(path) as packed, open(plain + '.new', 'wb') as file:
                shutil.copyfileobj(packed, file)
            os.rename(plain + '.new', plain)
        return plain

    def make_queries(self, corpus, name):
        """The query sets of a corpus, in a folder."""
        folder = self.place(name + '.queries')
        subprocess.run([os.path.join(HERE, 'make_queries.py'), corpus, folder, '--count', str(self.args.count)],
                       check=True)
        return folder

    def replace_words(self, folder, corpus):
        """Let the words be the QUERIES, or those by which other engines are measured on this corpus."""
        words, generator = os.path.join(folder, 'words.tsv'), os.path.join(self.args.shared, GEN_QUERIES)
        if self.args.queries:
            shutil.copyfile(self.args.queries, words)
        elif os.path.exists(generator):
            with open(words, 'wb') as file:
                subprocess.run([generator, corpus], check=True, stdout=file)

    def cut_pages(self):
        """The files of pages, the smallest first. All are draws of one corpus, so queries of the smallest find
        something in each."""
        sizes = sorted(int(size) for size in self.args.sizes.split())
        if not sizes:
            return []
        say(f'cutting {self.args.pages} into pages')
        files = [self.place(f'pages-{size}.jsonl') for size in sizes]
        cut = subprocess.run([os.path.join(HERE, 'cut_pages.py'), self.args.pages,
                              *(f'{file}={size}' for file, size in zip(files, sizes))],
                             check=True, capture_output=True, text=True)
        # A corpus may have fewer pages than were asked for: then the last sizes are all one.
        return list({line.split('\t')[1]: line.split('\t')[0] for line in cut.stdout.splitlines()}.values())

    # ---- One index ----

    def parts(self, index, stats):
        """The bytes of an index by part: as the engine tells them, else by file."""
        parts = dict(stats.get('parts') or {})
        if parts:
            rest = stats['index_bytes'] - sum(parts.values())
            return parts | ({'the rest': rest} if rest > 0 else {})
        for folder, _, files in os.walk(index):
            for file in files:
                name = file.partition('.')[0]
                parts[name] = parts.get(name, 0) + os.path.getsize(os.path.join(folder, file))
        return {name: size for name, size in parts.items() if size > 0}

    def stats(self, index):
        told = subprocess.run([self.program('fihris-index'), '--stats', index], check=True, capture_output=True)
        return json.loads(told.stdout)

    def build_index(self, engine, corpus, index):
        shutil.rmtree(index, ignore_errors=True)
        figures = run([self.program('fihris-index'), '-q', '--engine', engine, '--jobs', str(JOBS), '-o', index,
                       corpus], allowed=DONE)
        stats = self.stats(index)
        figures |= dict(articles=stats['articles'], text_bytes=stats['text_bytes'],
                        index_bytes=stats['index_bytes'], disk_bytes=allocated_bytes(index))
        return figures | dict(parts=self.parts(index, stats))

    def measure_kind(self, kind, index, queries):
        """The latencies of one kind, and the file of its totals."""
        lat, totals = index + '.lat', f'{index}.{kind.name.replace(" ", "-")}.totals'
        figures = run([self.search, index, queries, '--passes', str(self.args.passes), '--warm', '10',
                       '--max-seconds', str(self.args.max_seconds), '--lat', lat, '--totals', totals,
                       *kind.options])
        return summarise(lat) | dict(peak_anon_kb=figures['peak_anon_kb']), totals

    def measure_kinds(self, name, index, folder):
        """The latencies of each kind that has queries, and the files of totals."""
        kinds, totals = {}, {}
        for kind in KINDS:
            queries = os.path.join(folder, kind.queries + '.tsv')
            if os.path.getsize(queries) == 0:
                continue
            kinds[kind.name], totals[kind.name] = self.measure_kind(kind, index, queries)
            if kinds[kind.name]['with_hits'] == 0:
                self.wrong.append(f'{name}: {kind.name}: no query found anything')
            if kind.same in totals:
                self.check(f'{name}: {kind.same}, {kind.name}', totals[kind.same], totals[kind.name])
        return kinds, totals

    def check(self, what, a, b):
        """Remember where two files of totals differ."""
        found = differences(a, b)
        if found:
            shown = '; '.join(f'{qid} {x} and {y}' for qid, x, y in found[:SHOWN_DIFFERENCES])
            self.wrong.append(f'{what}: {len(found)} with different totals: {shown}')

    # ---- A process of its own ----

    def median_ms(self, commands):
        """Milliseconds from exec to exit, the median of the commands."""
        took = []
        with open(os.devnull, 'w', encoding='utf-8') as null:
            quiet = [(os.POSIX_SPAWN_DUP2, null.fileno(), 1), (os.POSIX_SPAWN_DUP2, null.fileno(), 2)]
            for command in commands:
                begin = time.monotonic()
                pid = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                took.append((time.monotonic() - begin) * 1e3)
                if code not in DONE:
                    fail(f'{" ".join(command)}: exit {code}')
        return statistics.median(took)

    def instructions(self, command):
        """Instructions that a command executes by itself, by whichever counter this machine has, or None."""
        if shutil.which('perf'):
            said = subprocess.run(['perf', 'stat', '-x,', '-e', 'instructions:u', *command], text=True,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE).stderr
            counts = [line.split(',')[0] for line in said.splitlines() if 'instructions' in line]
            if counts and counts[0].isdigit():
                return int(counts[0])
        if shutil.which('valgrind'):
            said = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', *command],
                                  text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE).stderr
            counts = [line.split()[-1] for line in said.splitlines() if 'Collected' in line]
            if counts and counts[0].isdigit():
                return int(counts[0])
        return None

    def measure_cold(self, index, folder):
        """A search by a process of its own, beside one that does nothing."""
        with open(os.path.join(folder, 'words.tsv'), encoding='utf-8') as file:
            queries = [line.rstrip('\n').split('\t')[1] for line in file][:COLD_RUNS]
        commands = [[self.program('fihris-search'), index, query] for query in queries]
        self.median_ms(commands)
        return dict(runs=len(commands), search_ms=self.median_ms(commands),
                    true_ms=self.median_ms([[shutil.which('true')]] * COLD_RUNS),
                    instructions=self.instructions(commands[0]))

    def measure_updates(self, name, corpus, index):
        """The median of changing one article, from exec until it is durable and the process is gone."""
        with open(corpus, encoding='utf-8') as file:
            articles = [json.loads(line) for line in itertools.islice(file, UPDATES)]
        before, commands = self.stats(index), []
        for i, article in enumerate(articles):
            changed = self.place(f'change-{i}.jsonl')
            with open(changed, 'w', encoding='utf-8') as file:
                json.dump(article | {'title': f'{article.get("title", "")} {i}'}, file)
            commands.append([self.program('fihris-index'), '-q', '-o', index, changed])
        took = self.median_ms(commands)
        after = self.stats(index)
        if after['generation'] - before['generation'] < len(commands) or after['articles'] != before['articles']:
            self.wrong.append(f'{name}: not each of {len(commands)} changes of an article was published')
        return took

    # ---- All ----

    def measure_corpus(self, name, corpus, folder, processes):
        """Every engine on one corpus."""
        engines, totals = {}, {}
        for engine in self.engines:
            say(f'{name}: {engine}: indexing')
            index = self.place(f'{name}.{engine}')
            built = self.build_index(engine, corpus, index)
            say(f'{name}: {engine}: searching')
            kinds, totals[engine] = self.measure_kinds(f'{name}: {engine}', index, folder)
            engines[engine] = dict(build=built, kinds=kinds)
            if processes:
                engines[engine]['cold'] = self.measure_cold(index, folder)
                engines[engine]['update_ms'] = self.measure_updates(f'{name}: {engine}', corpus, index)
            shutil.rmtree(index)
        first, *others = self.engines
        for other in others:
            for kind in totals[first]:
                self.check(f'{name}: {kind}: {first}, {other}', totals[first][kind], totals[other][kind])
        return dict(name=name, engines=engines)

    def measure(self):
        os.makedirs(self.work, exist_ok=True)
        corpus = self.unpack(self.args.corpus)
        name = os.path.basename(corpus).partition('.')[0]
        folder = self.make_queries(corpus, name)
        self.replace_words(folder, corpus)
        found = dict(cores=len(os.sched_getaffinity(0)), jobs=JOBS, passes=self.args.passes,
                     engines=self.engines, kinds=[kind.name for kind in KINDS],
                     corpus=self.measure_corpus(name, corpus, folder, processes=True), growth=[])
        pages = self.cut_pages()
        folder = self.make_queries(pages[0], 'pages') if pages else None
        for file in pages:
            name = os.path.basename(file).partition('.')[0]
            found['growth'].append(self.measure_corpus(name, file, folder, processes=False))
        return found | dict(wrong=self.wrong)

    def write(self, found):
        texts = (bench_table.write(found), bench_chart.latency(found), bench_chart.size(found))
        for folder in [self.out] + ([self.args.docs] if self.args.docs and not found['wrong'] else []):
            os.makedirs(folder, exist_ok=True)
            for name, text in zip(OUTPUTS, texts):
                with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
                    file.write(text)
        with open(os.path.join(self.out, 'bench.json'), 'w', encoding='utf-8') as file:
            json.dump(found, file, indent=1)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('build', help='the folder of the build')
    parser.add_argument('--shared', default='../shared', help='the folder that has what is not said')
    parser.add_argument('--corpus', help='the articles (the news)')
    parser.add_argument('--queries', help='qid TAB words (made of the corpus)')
    parser.add_argument('--pages', help='the articles to cut into pages (the journals, else CORPUS)')
    parser.add_argument('--engines', default='', help='only these (all that there are)')
    parser.add_argument('--sizes', default='10000 30000 100000 400000', help='numbers of pages')
    parser.add_argument('--count', type=int, default=500, help='queries made of a kind')
    parser.add_argument('--passes', type=int, default=5)
    parser.add_argument('--max-seconds', type=float, default=60, help='bound on the passes of a kind')
    parser.add_argument('--out', help='where all of it is written (BUILD/bench)')
    parser.add_argument('--docs', help='a folder for a copy of table and charts')
    args = parser.parse_args()
    args.build = os.path.abspath(args.build)
    args.corpus = args.corpus or os.path.join(args.shared, NEWS)
    journals = os.path.join(args.shared, JOURNALS)
    args.pages = args.pages or (journals if os.path.exists(journals) else args.corpus)
    return args


def main():
    args = parse()
    if not os.path.exists(args.corpus):
        print(f'bench: skipped: there is no {args.corpus}; name a corpus: make bench CORPUS=articles.jsonl')
        return
    bench = Bench(args)
    found = bench.measure()
    bench.write(found)
    for line in found['wrong']:
        print(f'bench: {line}')
    print(f'{os.path.join(bench.out, "bench.md")} has the tables, the charts stand beside it')
    sys.exit(1 if found['wrong'] else 0)


if __name__ == '__main__':
    main()
