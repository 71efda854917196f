#!/usr/bin/env python3
"""
Every byte of a small index is altered, each by itself, and its files are cut, grown, lost and swapped: flip.c asks
the damaged index everything. What is wrong must be reported, with the name of the file, or change no answer.
`make check` takes a sample of the bytes, from all over the files, `make fault` takes all.
"""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
from fault_lab import ALL, BUILD, JOBS, ROOT, Tap, engines, index, lines, scratch  # noqa: E402

# About so many bytes are altered in `make check`.
SAMPLE = 3000


def make(folder, engine):
    """The sample articles, some of them changed and one removed: segments, and what is dead in them."""
    steps = [(['--engine', engine, '-o', folder, os.path.join(ROOT, 'corpus', 'sample')], None),
             (['-o', folder, '-'], '{"id":"snb-140","title":"عنوان جديد","body":"نص جديد عن القطار","date":"2026-03"}\n'
              '{"id":"new","title":"قطار جديد","body":"رخص البناء في المدينة","source":"مجلة"}\n'.encode()),
             (['--remove', 'new', folder], None),
             (['-o', folder, '-'], lines({1: 1, 2: 1}))]
    for arguments, stdin in steps:
        done = index(*arguments, stdin=stdin)
        if done.returncode != 0:
            raise SystemExit(f'cannot make an index: {done.stderr.decode()}')


def flip(tap, name, folder, work, *arguments):
    done = subprocess.run([os.path.join(BUILD, 'fault', 'flip'), folder, work, *arguments], capture_output=True,
                          text=True, errors='replace')
    said = done.stdout.splitlines()
    failures = [line for line in said if line.startswith('FAIL')]
    if done.returncode and not failures:
        failures = [f'exit status {done.returncode}: {done.stderr[-2000:]}']
    for line in said:
        if not line.startswith('FAIL'):
            print(f'# {line}')
    tap.result(name, failures)


def main():
    tap = Tap()
    for engine, flags in engines().items():
        if 'checksums' not in flags:
            tap.skip(f'{engine}: altered bytes', 'the engine has no checksums')
            continue
        with scratch() as place:
            folder, other, work = (os.path.join(place, name) for name in ('index', 'other', 'work'))
            os.mkdir(work)
            make(folder, engine)
            index('--engine', engine, '-o', other, '-', stdin=lines(dict.fromkeys(range(40), 1)))
            size = sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)
            every = 1 if ALL else max(1, size // SAMPLE)
            flip(tap, f'{engine}: one byte in {every} of {size} altered', folder, work, '--every', str(every),
                 '--jobs', str(JOBS))
            flip(tap, f'{engine}: files cut, grown, lost, swapped', folder, work, '--files', other)
    tap.done()


if __name__ == '__main__':
    main()
