"""Is one ranking better than another on the same queries? And the figures of before, to compare with."""
import hashlib
import random

PERMUTATIONS = 10000
SEED = 6


def p_value(ours, theirs):
    """
    The paired randomisation test (Smucker, Allan and Carterette, CIKM 2007), two-sided: the share of
    PERMUTATIONS in which swapping the figures of each query or not, at random, makes a difference of means as
    large as the real one.
    """
    differences = [round((a - b) * 1e4) for a, b in zip(ours, theirs)]
    differences = [d for d in differences if d]
    if not differences:
        return 1.0
    # Eight queries at a time: what the queries add up to whose bits are set in a byte.
    tables = []
    for at in range(0, len(differences), 8):
        eight = differences[at:at + 8]
        tables.append([sum(d for bit, d in enumerate(eight) if byte >> bit & 1) for byte in range(256)])
    total = sum(differences)
    draw = random.Random(SEED)
    extreme = sum(abs(total - 2 * sum(table[byte] for table, byte in zip(tables, draw.randbytes(len(tables)))))
                  >= abs(total) for _ in range(PERMUTATIONS))
    return (extreme + 1) / (PERMUTATIONS + 1)


def digest(queries):
    return hashlib.sha256('\n'.join('\t'.join(query) for query in queries).encode()).hexdigest()[:12]


def shorten(value):
    text = f'{value:.4f}'.rstrip('0').rstrip('.')
    return text[1:] if text.startswith('0.') else text


class Baseline:
    """
    Figures of single queries, kept in a file of one section a collection:

        [qa_pool 0f3a... clean careless edit]      a checksum of its queries, the sets
        1    1    .6309                            one line a query, in their order
    """

    def __init__(self):
        self.sections = {}

    def read(self, path):
        try:
            with open(path, encoding='utf-8') as lines:
                for line in lines:
                    if line.startswith('['):
                        name, checksum, *sets = line.strip('[]\n').split()
                        rows = []
                        self.sections[name] = (checksum, sets, rows)
                    elif not line.startswith('#'):
                        rows.append([float(field) for field in line.split('\t')])
        except FileNotFoundError:
            pass
        return self

    def get(self, collection, name):
        """The figures of a set in the order of its queries, or None when they are not known."""
        checksum, sets, rows = self.sections.get(collection.name, ('', [], []))
        if checksum != digest(collection.queries) or name not in sets:
            return None
        return [row[sets.index(name)] for row in rows]

    def put(self, collection, columns):
        """COLUMNS: {set: figures in the order of the queries}"""
        self.sections[collection.name] = (digest(collection.queries), list(columns), list(zip(*columns.values())))

    def write(self, path, remark):
        with open(path, 'w', encoding='utf-8') as file:
            file.write(f'# {remark}\n')
            for name, (checksum, sets, rows) in self.sections.items():
                file.write(f'[{name} {checksum} {" ".join(sets)}]\n')
                for row in rows:
                    file.write('\t'.join(map(shorten, row)) + '\n')
