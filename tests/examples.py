#!/usr/bin/env python3
"""Runs the examples of a document as its reader would, and holds the output to what is printed there.

    examples.py PROGRAMS DOCUMENT...      (PROGRAMS: the folder of the programs, such as build/bin)

In Markdown, an example stands in a block fenced as ```console; in a man page, in a display. A line that
begins with `$ ` is a command; a line that ends with a backslash goes on in the next; the lines behind it,
up to the next command or the end of the block, are its output. A line `...` there stands for any lines,
and no lines at all for any output. A command must end with status 0, or 1 when its output says so by a last
line `[1]`. The examples of one document run in order in one scratch folder, in which `corpus` is the corpus
of the checkout. Prints TAP.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def markdown_blocks(text):
    return re.findall(r'^```console\n(.*?)^```', text, re.M | re.S)


def manual_blocks(path):
    """The displays of a man page: runs of lines that are indented deeper and begin with a command."""
    page = subprocess.run(['mandoc', '-T', 'utf8', '-O', 'width=200', path], check=True,
                          capture_output=True, text=True).stdout
    page = re.sub('.\b', '', page)
    blocks, block = [], []
    for line in page.splitlines() + ['']:
        if line.strip().startswith('$ ') or (block and line.strip()):
            block.append(line.strip())
        elif block:
            blocks.append('\n'.join(block) + '\n')
            block = []
    return blocks


def examples(block):
    """Pairs of a command and the lines of output that are printed below it."""
    found = []
    lines = iter(block.splitlines())
    for line in lines:
        if line.startswith('$ '):
            command = line[2:]
            while command.endswith('\\'):
                command = command[:-1] + next(lines, '').strip()
            found.append((command, []))
        elif found:
            found[-1][1].append(line)
    return found


def pattern(lines):
    parts = ['(?:.*\n)*' if line.strip() == '...' else re.escape(line.rstrip()) + '[ ]*\n' for line in lines]
    return re.compile(''.join(parts))


def matches(lines, output, status):
    wanted = 0
    if lines and re.fullmatch(r'\[\d+\]', lines[-1].strip()):
        wanted = int(lines[-1].strip()[1:-1])
        lines = lines[:-1]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    right = not lines or pattern(lines).fullmatch(output if output.endswith('\n') else output + '\n')
    return status == wanted and bool(right)


def run(command, folder, programs):
    environment = dict(os.environ, PATH=programs + os.pathsep + os.environ['PATH'], LC_ALL='C.UTF-8')
    done = subprocess.run(['bash', '-c', command], cwd=folder, env=environment, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout, done.returncode


def main():
    programs, documents = os.path.abspath(sys.argv[1]), sys.argv[2:]
    number = failed = 0
    for document in documents:
        name = os.path.basename(document)
        blocks = markdown_blocks(open(document, encoding='utf-8').read()) if name.endswith('.md') \
            else manual_blocks(document)
        with tempfile.TemporaryDirectory() as folder:
            os.symlink(os.path.join(ROOT, 'corpus'), os.path.join(folder, 'corpus'))
            for command, lines in (pair for block in blocks for pair in examples(block)):
                number += 1
                output, status = run(command, folder, programs)
                right = matches(lines, output, status)
                print(f'{"ok" if right else "not ok"} {number} - {name}: {command}')
                if not right:
                    failed += 1
                    print(f'# exit {status}, printed:')
                    print(re.sub('^', '#   ', output.rstrip(), flags=re.M))
                    print('# the document has:')
                    print(re.sub('^', '#   ', '\n'.join(lines), flags=re.M))
    print(f'1..{number}')
    sys.exit(1 if failed or not number else 0)


main()
