#!/usr/bin/env python3
"""
Articles changed one by one leave no more behind than a fresh build of the same articles has, but for a little:
what is dead is merged away. `make check` takes a fifth of the articles and updates. Times are for `make bench`
(bench_update, which changes the articles here too); the calls of fsync for one change are printed.
"""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
from fault_lab import ALL, BUILD, CALLS, SANITIZED, Tap, article, check, engines, index, scratch  # noqa: E402

ARTICLES, UPDATES = (5000, 1000) if ALL else (1000, 200)

# The growth that is allowed. A B-tree keeps the room that was taken in it: there it is told only.
GROWTH_MAX = .05


def size(folder):
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)


def count_syncs(folder, place, path):
    """The calls of fsync in one more change."""
    log = os.path.join(place, 'log')
    done = index('-o', folder, path, environment={'LD_PRELOAD': CALLS, 'FAULT_ROOT': folder, 'FAULT_LOG': log})
    if done.returncode != 0:
        raise SystemExit(done.stderr.decode())
    with open(log, encoding='utf-8') as calls:
        return sum(line.split(' ')[1] in ('fsync', 'fdatasync') for line in calls)


def must(done):
    if done.returncode != 0:
        raise SystemExit(done.stderr.decode())
    return done


def try_engine(tap, engine, flags, place):
    grown, fresh, corpus = (os.path.join(place, name) for name in ('grown', 'fresh', 'corpus.jsonl'))
    final = corpus + '.update.jsonl'
    with open(corpus, 'w', encoding='utf-8') as out:
        for n in range(ARTICLES):
            out.write(json.dumps(article(n, n, 100), ensure_ascii=False) + '\n')
    must(index('--engine', engine, '-o', grown, corpus))
    told = must(subprocess.run([os.path.join(BUILD, 'bench', 'bench_update'), grown, corpus, str(UPDATES)],
                               capture_output=True))
    print(f'# {engine}: {told.stdout.decode().strip()}')
    must(index('--engine', engine, '-o', fresh, final))
    growth = size(grown) / size(fresh) - 1
    check(grown)
    line = f'after {UPDATES} changes of {ARTICLES} articles the index is {growth:.1%} larger than a fresh one'
    print(f'# {engine}: {line}')
    tap.result(f'{engine}: updates one by one leave little behind',
               [line] if 'checksums' in flags and growth > GROWTH_MAX else [])
    if SANITIZED:
        return
    with open(final, 'w', encoding='utf-8') as out:
        out.write(json.dumps(article(1, ARTICLES + 1, 100), ensure_ascii=False) + '\n')
    print(f'# {engine}: {count_syncs(grown, place, final)} calls of fsync for one change')


def main():
    tap = Tap()
    for engine, flags in engines().items():
        with scratch() as place:
            try_engine(tap, engine, flags, place)
    tap.done()


if __name__ == '__main__':
    main()
