#!/usr/bin/env python3
"""
Four readers beside a writer that publishes, merges and rebuilds: see readers.c. For SOAK_SECONDS (5; `make soak`
takes 60) an engine.
"""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
from fault_lab import BUILD, Tap, engines, scratch  # noqa: E402

SECONDS = os.environ.get('SOAK_SECONDS', '5')


def main():
    tap = Tap()
    for engine in engines():
        with scratch() as place:
            done = subprocess.run([os.path.join(BUILD, 'fault', 'readers'), engine, os.path.join(place, 'index'),
                                   SECONDS, '4'], capture_output=True, text=True)
        said = done.stdout.splitlines()
        for line in said:
            if not line.startswith('FAIL'):
                print(f'# {line}')
        failures = [line for line in said if line.startswith('FAIL')]
        if done.returncode and not failures:
            failures = [f'exit status {done.returncode}: {done.stderr[-2000:]}']
        tap.result(f'{engine}: 4 readers beside a writer for {SECONDS} s', failures)
    tap.done()


if __name__ == '__main__':
    main()
