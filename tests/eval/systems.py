"""What is judged: our own programs, or a peer that speaks the contract of ../shared/peers."""
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys


def run(command, output=None):
    """Run COMMAND, its standard output to the file OUTPUT; the CPU seconds it took. Its notes are shown if it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(output or os.devnull, 'wb') as file:
        status = subprocess.run(command, stdout=file, stderr=subprocess.PIPE)
    if status.returncode:
        sys.exit(f'{status.stderr.decode(errors="replace")[-2000:]}{" ".join(command)}: exit {status.returncode}')
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Fihris:
    """The programs in BIN, indexing with OPTIONS of fihris-index; their indexes stand in FOLDER."""

    def __init__(self, bin, options, folder):
        self.bin, self.options, self.folder = bin, options, folder
        self.name = 'fihris'
        with open(os.path.join(bin, 'fihris-index'), 'rb') as program:
            self.edition = hashlib.sha256(program.read() + '\0'.join(options).encode()).hexdigest()

    def index(self, name, documents):
        """Index DOCUMENTS unless this same program has done so; the folder of the index, and its costs."""
        index = os.path.join(self.folder, name)
        notes = index + '.json'
        if os.path.exists(notes):
            with open(notes, encoding='utf-8') as file:
                known = json.load(file)
            if known['edition'] == self.edition:
                return index, known
        shutil.rmtree(index, ignore_errors=True)
        os.makedirs(self.folder, exist_ok=True)
        seconds = run([os.path.join(self.bin, 'fihris-index'), '-q', *self.options, '-o', index, documents])
        stats = subprocess.run([os.path.join(self.bin, 'fihris-index'), '--stats', index], check=True,
                               capture_output=True, text=True).stdout
        known = json.loads(stats) | dict(edition=self.edition, cpu_s=seconds)
        with open(notes, 'w', encoding='utf-8') as file:
            json.dump(known, file)
        return index, known

    def search(self, index, asked, depth, output):
        """Write the run of the queries ASKED to OUTPUT; the CPU seconds it took."""
        return run([os.path.join(self.bin, 'fihris-search'), '--plain', '--copies', 'all', '--format', 'trec',
                    '-n', str(depth), '--batch', asked, index], output)


class Peer:
    """A peer in a folder with a `driver`: `NAME=FOLDER`, or `NAME=FOLDER:option=value,...` for searching."""

    def __init__(self, text, folder):
        self.name, _, rest = text.partition('=')
        home, _, options = rest.partition(':')
        self.driver = os.path.join(os.path.abspath(home), 'driver')
        self.options = [word for option in options.split(',') if option for word in ('--opt', option)]
        self.folder = os.path.join(folder, self.name)
        run([self.driver, 'build'])

    def index(self, name, documents):
        index = os.path.join(self.folder, name)
        if not os.path.exists(index + '.done'):
            shutil.rmtree(index, ignore_errors=True)
            os.makedirs(self.folder, exist_ok=True)
            run([self.driver, 'index', documents, index], index + '.done')
        with open(index + '.done', encoding='utf-8') as file:
            return index, json.load(file)

    def search(self, index, asked, depth, output):
        return run([self.driver, 'search', index, asked, '--mode', 'or', '--k', str(depth), '--warm', '0',
                    '--passes', '1', '--run', output])
