#!/usr/bin/env python3
"""
A disk that is really full, with more and more room: an update fails with a clear message until there is enough,
the old index answers all the while, and in the end the same command succeeds. The disk is a small tmpfs.
"""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
from fault_lab import ALL, Tap, Wrong, answer, check, engines, index, lines, scratch  # noqa: E402

DISK = '4m'
STEP = 4096 if ALL else 32768

# So many articles are there, and so many are to come in.
BEFORE, AFTER = 50, 250


def fill(path, free):
    """Leave so many bytes of the disk that PATH is on."""
    if os.path.exists(path):
        os.unlink(path)
    room = os.statvfs(os.path.dirname(path))
    with open(path, 'wb') as filler:
        filler.write(bytes(max(0, room.f_bavail * room.f_frsize - free)))


def attempt(folder, disk, free, before, after, stdin):
    """True when there was room enough."""
    fill(os.path.join(disk, 'filler'), free)
    done = index('-o', folder, '-', stdin=stdin)
    message = done.stderr.decode(errors='replace').strip()
    state = answer(folder)
    if done.returncode == 0:
        if state != after:
            raise Wrong('says that it is done, and is not')
        return True
    if done.returncode != 2 or 'No space left' not in message:
        raise Wrong(f'with {free} bytes free: exit status {done.returncode}: {message}')
    if state not in (before, after):
        raise Wrong(f'with {free} bytes free: a mix of {len(state or ())} articles')
    check(folder)
    return False


def try_engine(engine, disk):
    folder = os.path.join(disk, 'index')
    before = {n: 1 for n in range(BEFORE)}
    after = before | {n: 2 for n in range(AFTER)}
    done = index('--engine', engine, '-o', folder, '-', stdin=lines(before))
    if done.returncode != 0:
        raise Wrong(f'cannot make an index: {done.stderr.decode()}')
    free, failed = 0, 0
    while not attempt(folder, disk, free, before, after, lines(after)):
        free += STEP
        failed += 1
    check(folder)
    print(f'# {engine}: {failed} times too little room, enough with {free} bytes')
    if failed == 0:
        raise Wrong('there was always room: the test tests nothing')


def main():
    tap = Tap()
    for engine in engines():
        name = f'{engine}: a full disk'
        with scratch() as place:
            mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={DISK}', 'none', place], capture_output=True)
            if mounted.returncode != 0:
                tap.skip(name, 'only root can make one')
                continue
            try:
                try_engine(engine, place)
                tap.result(name, [])
            except Wrong as wrong:
                tap.result(name, [str(wrong)])
            finally:
                subprocess.run(['umount', '-l', place], check=True)
    tap.done()


if __name__ == '__main__':
    main()
