"""The charts of what bench.py found, as SVG that is readable on light and on dark pages."""
import math
from xml.sax.saxutils import escape

from bench_table import MB, ordered_parts

STYLE = '''<style>
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .title { font-weight: 600 }
  .faint { fill: #777 }
  .grid { stroke: #ccc; stroke-width: 1 }
  .line { stroke-width: 2 } .l1 { stroke-dasharray: 6 3 } .l2 { stroke-dasharray: 2 3 }
  .c0 { fill: #1b6fb3; stroke: #1b6fb3 } .c1 { fill: #c8641b; stroke: #c8641b }
  .c2 { fill: #2f8f4e; stroke: #2f8f4e } .c3 { fill: #8a4fae; stroke: #8a4fae }
  .c4 { fill: #a3862a; stroke: #a3862a } .c5 { fill: #b83b5e; stroke: #b83b5e }
  .c6 { fill: #3a9ea5; stroke: #3a9ea5 } .c7 { fill: #7d7d7d; stroke: #7d7d7d }
  .bar { stroke: none }
  .line { fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .faint { fill: #999 } .grid { stroke: #555 }
    .c0 { fill: #5aa9e6; stroke: #5aa9e6 } .c1 { fill: #f0955a; stroke: #f0955a }
    .c2 { fill: #63c383; stroke: #63c383 } .c3 { fill: #bb8be0; stroke: #bb8be0 }
    .c4 { fill: #d4b95c; stroke: #d4b95c } .c5 { fill: #ea7a9a; stroke: #ea7a9a }
    .c6 { fill: #6fcdd3; stroke: #6fcdd3 } .c7 { fill: #a8a8a8; stroke: #a8a8a8 }
    .bar { stroke: none } .line { fill: none }
  }
</style>
'''
COLOURS = 8


def number(value):
    return f'{value:,.0f}' if value >= 10 else f'{value:.2g}'


def short(count):
    """A number of articles for an axis."""
    return f'{count / 1000:.0f}k' if count >= 1000 else str(count)


def text(x, y, words, look='', anchor='start'):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{look}" text-anchor="{anchor}">{escape(words)}</text>\n'


def rule(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="grid"/>\n'


def square(x, y, colour, width=10, height=10):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" class="c{colour} bar"/>\n'


def page(width, height, title, body):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img">\n<title>{escape(title)}</title>\n{STYLE}{body}</svg>\n')


# ---- Latency over the number of articles: a panel for each kind, a line for each engine ----

WIDTH = 880
COLUMNS = 4
PANEL_W, PANEL_H = 205, 170
PLOT_X, PLOT_Y, PLOT_W, PLOT_H = 42, 28, 150, 110


class LogScale:
    """The logarithms of LOW to HIGH on a line of pixels."""

    def __init__(self, low, high, begin, end):
        self.low, self.width = math.log10(low), math.log10(high) - math.log10(low)
        self.begin, self.end = begin, end

    def place(self, value):
        part = (math.log10(value) - self.low) / self.width if self.width else 0.5
        return self.begin + part * (self.end - self.begin)


def powers(values):
    """The powers of ten around the values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [10.0 ** power for power in range(low, max(high, low + 1) + 1)]


def latency_line(x, y, colour, points):
    """One engine; POINTS are places in the panel."""
    places = [f'{x + px:.1f},{y + py:.1f}' for px, py in points]
    body = f'<polyline points="{" ".join(places)}" class="c{colour} line l{colour}"/>\n'
    for place in places:
        cx, cy = place.split(',')
        body += f'<circle cx="{cx}" cy="{cy}" r="3" class="c{colour} bar"/>\n'
    return body


def latency_panel(x, y, kind, lines, counts, marks):
    """One kind; LINES are each engine's pairs (articles, ms); the axes have the COUNTS and the MARKS."""
    across = LogScale(counts[0], counts[-1], PLOT_X, PLOT_X + PLOT_W)
    up = LogScale(marks[0], marks[-1], PLOT_Y + PLOT_H, PLOT_Y)
    body = text(x + PLOT_X, y + 16, kind, 'title')
    for mark in marks:
        body += rule(x + PLOT_X, y + up.place(mark), x + PLOT_X + PLOT_W, y + up.place(mark))
        body += text(x + PLOT_X - 6, y + up.place(mark) + 4, f'{mark:g}', 'faint', 'end')
    for count in counts:
        body += text(x + across.place(count), y + PLOT_Y + PLOT_H + 16, short(count), 'faint', 'middle')
    for colour, line in enumerate(lines):
        body += latency_line(x, y, colour, [(across.place(count), up.place(value)) for count, value in line])
    return body


def latency_lines(found, kind):
    """For each engine the pairs (articles, p50 ms) of a kind; empty where it was not measured."""
    return [[(size['engines'][engine]['build']['articles'], size['engines'][engine]['kinds'][kind]['p50_ms'])
             for size in found['growth'] if kind in size['engines'][engine]['kinds']]
            for engine in found['engines']]


def legend(engines, y):
    body = ''
    for colour, engine in enumerate(engines):
        body += square(PLOT_X + colour * 120, y - 10, colour) + text(PLOT_X + colour * 120 + 16, y, engine)
    return body


def latency(found):
    """Median latency of each kind over the number of articles, both axes logarithmic."""
    title = 'Median latency in ms over the number of articles, one thread, warm'
    panels = [(kind, latency_lines(found, kind)) for kind in found['kinds']]
    points = [point for _, lines in panels for line in lines for point in line if point[1] > 0]
    body = text(PLOT_X, 20, title, 'title') + legend(found['engines'], 44)
    if not points:
        return page(WIDTH, 60, title, body)
    counts, marks = sorted({count for count, _ in points}), powers([value for _, value in points])
    shown = [(kind, lines) for kind, lines in panels if any(lines)]
    for i, (kind, lines) in enumerate(shown):
        body += latency_panel(i % COLUMNS * PANEL_W + 10, 56 + i // COLUMNS * PANEL_H, kind, lines, counts, marks)
    return page(WIDTH, 60 + math.ceil(len(shown) / COLUMNS) * PANEL_H, title, body)


# ---- Size: a bar for each index, as wide as it is large beside its text ----

BAR_X, BAR_W, BAR_H = 10, 860, 22
KEY_W, KEY_H = 215, 18


def size_bar(y, engine, built, scale):
    """One index, with the names of its parts below; the height it takes, and it."""
    whole = sum(built['parts'].values())
    body = text(BAR_X, y + 14, f'{engine}: {whole / built["text_bytes"]:.2f} x the text, {number(whole / MB)} MB',
                'title')
    x, y, parts = BAR_X, y + 22, ordered_parts(built['parts'], COLOURS)
    for colour, (name, size) in enumerate(parts):
        width = size / built['text_bytes'] * scale
        body += square(x, y, colour, width, BAR_H)
        x += width
        key_x, key_y = BAR_X + colour % COLUMNS * KEY_W, y + BAR_H + 10 + colour // COLUMNS * KEY_H
        body += square(key_x, key_y, colour)
        body += text(key_x + 16, key_y + 10, f'{name} {number(size / MB)} MB')
    return 22 + BAR_H + 16 + math.ceil(len(parts) / COLUMNS) * KEY_H + 12, body


def size(found):
    """The bytes of each engine's index by part, in one scale; the rule is where the text itself ends."""
    corpus = found['corpus']
    title = f'Size of the index by part: {corpus["name"]}'
    built = [(engine, corpus['engines'][engine]['build']) for engine in found['engines']]
    scale = BAR_W / max([1.0] + [sum(b['parts'].values()) / b['text_bytes'] for _, b in built])
    y, bars = 40, ''
    for engine, figures in built:
        height, body = size_bar(y, engine, figures, scale)
        bars += body
        bars += rule(BAR_X + scale, y + 18, BAR_X + scale, y + 22 + BAR_H + 4)
        y += height
    return page(WIDTH, y, title, text(BAR_X, 20, title + ' (the thin line is the size of the text)', 'title') + bars)
