"""The Markdown tables of what bench.py found."""

MB = 1e6
KB_IN_MB = 1024 / MB
PART_MIN = 0.001  # of the index: less than that does not count


def number(value):
    """Three digits, or all before the point."""
    if value is None:
        return ''
    if value >= 100:
        return f'{value:,.0f}'
    return f'{value:.2g}' if value < 0.1 else f'{value:.3g}'


def table(head, rows):
    """A table: the first column is text, the others are figures."""
    lines = ['| ' + ' | '.join(head) + ' |', '| --- |' + ' --: |' * (len(head) - 1)]
    return '\n'.join(lines + ['| ' + ' | '.join(row) + ' |' for row in rows]) + '\n'


def ratio(values):
    """What the first value is to each other, the other called 1."""
    first, *others = values
    return [number(first / other) if first is not None and other else '' for other in others]


def ratio_heads(engines):
    return [f'{engines[0]} / {other}' for other in engines[1:]]


def figures(engines, name, of, found):
    """A row: one figure for each engine and their ratios; OF takes it from what was found of an engine."""
    values = [of(found[engine]) for engine in engines]
    return [name, *map(number, values), *ratio(values)]


def text_mb(engine):
    return engine['build']['text_bytes'] / MB


def anonymous_mb(engine):
    """Of the kind that takes the most."""
    return max((kind['peak_anon_kb'] for kind in engine['kinds'].values()), default=0) * KB_IN_MB


BUILD_ROWS = (
    ('articles/s', lambda e: e['build']['articles'] / e['build']['wall_s']),
    ('MB of text/s', lambda e: text_mb(e) / e['build']['wall_s']),
    ('wall s', lambda e: e['build']['wall_s']),
    ('CPU s', lambda e: e['build']['cpu_s']),
    ('peak memory, MB', lambda e: e['build']['peak_rss_kb'] * KB_IN_MB),
    ('of it anonymous, MB', lambda e: e['build']['peak_anon_kb'] * KB_IN_MB),
    ('index / text', lambda e: e['build']['index_bytes'] / e['build']['text_bytes']),
)

PROCESS_ROWS = (
    ('anonymous memory of a searching process, MB', anonymous_mb),
    ('fihris-search from exec to exit, ms', lambda e: e['cold']['search_ms']),
    ('fihris-index changing one article, likewise, ms', lambda e: e['update_ms']),
    ('`true` likewise, ms', lambda e: e['cold']['true_ms']),
    ('instructions of fihris-search, millions',
     lambda e: e['cold']['instructions'] and e['cold']['instructions'] / 1e6),
)


def ordered_parts(parts, most=None):
    """The parts of an index, the largest first, MOST at the most; all others are one, the last, where they count."""
    whole = sum(parts.values())
    ordered = sorted(parts.items(), key=lambda part: -part[1])
    shown = [(name, size) for name, size in ordered if size >= whole * PART_MIN]
    if most and len(shown) >= most:
        shown = shown[:most - 1]
    rest = whole - sum(size for _, size in shown)
    return shown + ([('others', rest)] if rest >= whole * PART_MIN else [])


def write_build(engines, found):
    rows = [figures(engines, name, of, found) for name, of in BUILD_ROWS]
    return table(['building', *engines, *ratio_heads(engines)], rows)


def write_process(engines, found):
    rows = [figures(engines, name, of, found) for name, of in PROCESS_ROWS]
    return table(['one process', *engines, *ratio_heads(engines)], [row for row in rows if any(row[1:])])


def write_parts(engine, built):
    """The parts of one index, the largest first."""
    whole = sum(built['parts'].values())
    rows = [[name, number(size / MB), f'{size / whole:.1%}', number(size / built['text_bytes'])]
            for name, size in ordered_parts(built['parts'])]
    return table([f'{engine}: part of the index', 'MB', 'share', 'of the text'], rows)


def write_latency(engines, found, kinds):
    """Each kind: how many queries, how many of them found something, and p50 / p95 / p99."""
    rows = []
    for kind in kinds:
        of = [found[engine]['kinds'].get(kind) for engine in engines]
        if not all(of):
            continue
        rows.append([kind, str(of[0]['n']), str(of[0]['with_hits']),
                     *(' / '.join(number(f[p]) for p in ('p50_ms', 'p95_ms', 'p99_ms')) for f in of),
                     *ratio([f['p50_ms'] for f in of])])
    heads = [f'{head}, p50' for head in ratio_heads(engines)]
    return table(['ms, p50 / p95 / p99', 'queries', 'with hits', *engines, *heads], rows)


GROWTH_ROWS = (
    ('articles/s built', BUILD_ROWS[0][1]),
    ('index / text', BUILD_ROWS[-1][1]),
    ('anonymous memory of a searching process, MB', anonymous_mb),
)


def growth_row(name, values):
    """A row of figures over the sizes, and how often the first goes into the last."""
    known = all(values) and len(values) > 1
    return [name, *map(number, values), number(values[-1] / values[0]) if known else '']


def write_growth(engine, growth, kinds):
    """One engine over the sizes."""
    of = [size['engines'][engine] for size in growth]
    rows = [growth_row(f'{kind}, p50 ms', [e['kinds'][kind]['p50_ms'] for e in of])
            for kind in kinds if all(kind in e['kinds'] for e in of)]
    rows += [growth_row(name, [figure(e) for e in of]) for name, figure in GROWTH_ROWS]
    heads = [f'{e["build"]["articles"]:,}' for e in of]
    return table([f'{engine}: articles', *heads, 'last / first'], rows)


def write_intro(found):
    first = found['corpus']['engines'][found['engines'][0]]['build']
    return (f'# Speed and size\n\n'
            f'Written by `make bench`. One run on {found["cores"]} cores: read the columns as ratios. Building uses '
            f'{found["jobs"]} workers. Queries are\nasked in one process, warm, on one thread, ten results with '
            f'id and title; each query counts with its best of\n{found["passes"]} passes. '
            f'The corpus is {found["corpus"]["name"]}: {first["articles"]:,} articles, '
            f'{number(first["text_bytes"] / MB)} MB of text.\n')


def write_charts(found):
    size = '![Size of the index by part](size.svg)\n'
    return size + ('\n![Latency over the number of articles](latency.svg)\n' if found['growth'] else '')


def write_growth_intro(growth):
    largest = next(iter(growth[-1]['engines'].values()))['build']
    return ('## Growth\n\nLong articles cut into short pages, '
            f'{largest["text_bytes"] // largest["articles"]} bytes each with the title; the same queries on '
            'every size.\n')


def write_wrong(wrong):
    return ['## What is wrong\n\n' + '\n'.join(f'- {line}' for line in wrong) + '\n'] if wrong else []


def write(found):
    """The whole page."""
    engines, corpus, growth = found['engines'], found['corpus']['engines'], found['growth']
    sections = [write_intro(found), *write_wrong(found['wrong']), write_build(engines, corpus),
                write_latency(engines, corpus, found['kinds']), write_process(engines, corpus),
                *(write_parts(engine, corpus[engine]['build']) for engine in engines)]
    if growth:
        sections += [write_growth_intro(growth), *(write_growth(e, growth, found['kinds']) for e in engines)]
    return '\n'.join(sections + [write_charts(found)])
