#!/usr/bin/env python3
"""A corpus with planted faults, and what must be said of it.

    plant.py write FOLDER                writes FOLDER/corpus, FOLDER/expected.tsv, FOLDER/queries.tsv
    plant.py run SECONDS MEGABYTES COMMAND...
                                         runs it where no other program is found, and fails when it
                                         takes more
    plant.py check FOLDER STDERR         holds what fihris-index said to expected.tsv
    plant.py found FOLDER RUN            holds the TREC run of queries.tsv: every good article is first

Files that must be big are made here and not kept. A fault is a line of expected.tsv: its kind, the place
(file, or file:line), what is said (refused, repaired, warning) and a pattern of the reason.
"""
import bz2, gzip, io, json, lzma, os, random, re, resource, shutil, socket, struct, subprocess, sys, tarfile, time
import zipfile, zlib

LETTERS = 'بتجحدرسشصطعغفقكمن'


def word(number):
    """A word that stands in one article only: letters that neither folding nor stemming touches."""
    out = 'قض'
    for _ in range(5):
        out += LETTERS[number % len(LETTERS)]
        number //= len(LETTERS)
    return out + 'ضق'


class Planter:
    def __init__(self, folder):
        self.folder = folder
        self.root = os.path.join(folder, 'corpus')
        os.makedirs(self.root)
        self.faults, self.good = [], []

    # ---- What is good ----

    def text(self, name):
        """An article that is known by NAME, its words as a title and a body."""
        number = len(self.good)
        self.good.append((name, word(number)))
        return (f'عنوان الخبر رقم {number}', f'نشرت الصحيفة صباح اليوم خبرا عن {word(number)} وقالت إن الأمر '
                f'ما زال قيد المتابعة في المدينة القديمة منذ شهور طويلة.')

    def page(self, name):
        return '%s\n%s\n' % self.text(name)

    def object(self, id, **more):
        title, body = self.text(id)
        return json.dumps({'id': id, 'title': title, 'body': body, **more}, ensure_ascii=False) + '\n'

    def html(self, name, more='', charset='utf-8'):
        title, body = self.text(name)
        return (f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title></head><body>{more}'
                f'<article><h1>{title}</h1><p>{body}</p></article></body></html>\n')

    # ---- What is written ----

    def path(self, name):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def put(self, name, content):
        with open(self.path(name), 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def fault(self, kind, place, said, reason):
        self.faults.append((kind, place, said, reason))

    def bad(self, kind, name, content, reason, said='refused', place=None):
        self.put(name, content)
        self.fault(kind, place or name, said, reason)


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as z:
        for name, content in members:
            z.writestr(name, content)
    return out.getvalue()


def tarred(members, mode='w'):
    """MEMBERS: names with contents, or with a TarInfo type and a target."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as t:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, tuple):
                info.type, info.linkname = content
                t.addfile(info)
                continue
            content = content if isinstance(content, bytes) else content.encode()
            info.size = len(content)
            t.addfile(info, io.BytesIO(content))
    return out.getvalue()


def record(uri, body, kind='text/html; charset=utf-8', more='', answer='HTTP/1.1 200 OK', **headers):
    body = body if isinstance(body, bytes) else body.encode()
    block = f'{answer}\r\nContent-Type: {kind}\r\n{more}\r\n'.encode() + body
    lines = ['WARC/1.0', 'WARC-Type: response', f'WARC-Target-URI: {uri}', 'WARC-Date: 2015-03-04T10:11:12Z',
             'Content-Type: application/http; msgtype=response', f'Content-Length: {len(block)}']
    lines += [f'{key}: {value}' for key, value in headers.items()]
    return '\r\n'.join(lines).encode() + b'\r\n\r\n' + block + b'\r\n\r\n'


def patch(content, at, bits=0xFF):
    content = bytearray(content)
    content[at] ^= bits
    return bytes(content)


def noise(size):
    return random.Random(size).randbytes(size)


# ---- Good files ----

def write_good(p):
    for i in range(60):
        name = f'pages/{i // 20}/خبر-{i}.txt'
        p.put(name, p.page(name))
    for i in range(25):
        name = f'web/{i}.html'
        p.put(name, p.html(name))
    for i in range(20):
        p.put(f'lines/{i}.jsonl', ''.join(p.object(f'l{i}-{j}') for j in range(10)))
    for i, charset in enumerate(['windows-1256', 'iso-8859-6', 'utf-16', 'utf-16-le', 'utf-16-be', 'utf-8-sig'] * 3):
        name = f'charsets/{i}-{charset}.txt'
        p.put(name, p.page(name).encode(charset))
    for i in range(4):
        name = f'charsets/{i}.html'
        p.put(name, p.html(name, charset='windows-1256').encode('windows-1256'))
    packers = {'gz': gzip.compress, 'bz2': bz2.compress, 'xz': lzma.compress}
    for i in range(12):
        ending, pack = list(packers.items())[i % 3]
        name = f'packed/{i}.txt.{ending}'
        p.put(name, pack(p.page(name).encode()))
    for i in range(6):
        names = [f'archives/{i}.zip!سنة/{j}.txt' for j in range(5)]
        p.put(f'archives/{i}.zip', zipped((n.split('!')[1], p.page(n)) for n in names))
    for i, mode in enumerate(['w', 'w:gz', 'w:xz', 'w:bz2']):
        file = f'archives/{i}.tar' + ('.' + mode[2:] if mode[2:] else '')
        names = [f'{file}!dir/{j}.html' for j in range(5)]
        p.put(file, tarred([(n.split('!')[1], p.html(n)) for n in names], mode))
    inner = 'archives/nested.zip!in.tar.gz!a.txt'
    p.put('archives/nested.zip', zipped([
        ('in.tar.gz', tarred([('a.txt', p.page(inner))], 'w:gz')),
        ('b.jsonl.gz', gzip.compress(p.object('nested-line').encode())),
        ('__MACOSX/._x.txt', b'\0\1'), ('.DS_Store', b'\0')]))
    for i in range(4):
        pages = [f'https://warc.example/{i}/{j}' for j in range(6)]
        records = [gzip.compress(record(u, p.html(u))) for u in pages]
        p.put(f'crawl/{i}.warc.gz', b''.join(records))
    for i in range(5):
        rows = ['id,title,body']
        for j in range(4):
            title, body = p.text(f'c{i}-{j}')
            rows.append(f'c{i}-{j},"{title}","{body}"')
        p.put(f'tables/{i}.csv', '\n'.join(rows) + '\n')
    for i in range(5):
        items = ''
        for j in range(4):
            link = f'https://feed.example/{i}/{j}'
            title, body = p.text(link)
            items += f'<item><title>{title}</title><link>{link}</link><description>{body}</description></item>\n'
        p.put(f'feeds/{i}.rss', f'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>س</title>\n{items}</channel></rss>\n')
    for i in range(5):
        name = f'notes/{i}.md'
        title, body = p.text(name)
        p.put(name, f'# {title}\n\n{body}\n')


# ---- Faults ----

def plant_text(p):
    p.bad('empty file', 'bad/empty.txt', b'', 'empty')
    p.bad('empty file', 'bad/empty.jsonl', b'', 'empty')
    p.bad('empty file', 'bad/empty.html', b'', 'empty')
    p.bad('empty file', 'bad/empty.zip', b'', 'empty')
    p.bad('nothing in gzip', 'bad/nothing.txt.gz', gzip.compress(b''), 'empty')
    p.bad('blank page', 'bad/blank.txt', ' \n\n \n', 'neither title nor body')
    p.bad('not text', 'bad/noise.txt', noise(5000), 'not .*text|tried')
    p.bad('not text', 'bad/noise.jsonl', noise(3000), 'not .*text|tried')
    p.bad('not text', 'bad/zeros.txt', bytes(5000), 'not .*text')
    p.bad('cut UTF-8', 'bad/cut.txt', p.page('bad/cut.txt').encode() + 'نهاية'.encode()[:-1],
          '1 bad UTF-8 sequence ', 'repaired')
    p.bad('overlong bytes', 'bad/overlong.txt', p.page('bad/overlong.txt').encode() + b'\xc0\xaf \xe0\x80\xaf\n',
          '[0-9]+ bad UTF-8 sequences ', 'repaired')
    p.bad('surrogate bytes', 'bad/surrogate.txt', p.page('bad/surrogate.txt').encode() + b'\xed\xa0\x80\n',
          '[0-9]+ bad UTF-8 sequences ', 'repaired')
    p.bad('NUL bytes', 'bad/nul.txt', p.page('bad/nul.txt').encode() + b'a\0b\n', '1 bad UTF-8 sequence ', 'repaired')
    p.bad('no reader', 'bad/image.jpg', noise(100), r'no reader for \.jpg')
    p.bad('no reader', 'bad/film.mp4.gz', noise(100), r'no reader for \.mp4')
    p.bad('no pdftotext', 'bad/paper.pdf', '%PDF-1.4\n', 'pdftotext is not installed: apt-get install poppler-utils')


def plant_lines(p):
    lines, place = [], 'bad/lines.jsonl'

    def good():
        lines.append(p.object(f'bad-{len(lines)}').encode())

    def bad(kind, line, reason, said='refused'):
        good()
        lines.append((line if isinstance(line, bytes) else line.encode()) + b'\n')
        p.fault(kind, f'{place}:{len(lines)}', said, reason)

    bad('JSON that is cut', '{"id":"x1","body":"ن', 'bad JSON at byte')
    bad('JSON that is cut', '{"id":"x2"', 'bad JSON at byte')
    bad('not JSON', 'خبر بلا شكل', 'bad JSON at byte')
    bad('not JSON', '{"id":"x3","body":"ن"} ذيل', 'bad JSON at byte')
    bad('duplicate keys', '{"id":"x4","body":"ن","body":"م"}', 'JSON.*duplicate|twice')
    bad('lone surrogate', '{"id":"x5","body":"\\ud800"}', 'bad JSON at byte')
    bad('lone surrogate', '{"id":"x6","body":"\\udc00\\ud800"}', 'bad JSON at byte')
    bad('NUL character', '{"id":"x7","body":"ن\\u0000"}', 'bad JSON at byte')
    bad('NUL bytes', b'{"id":"x8","body":"\xd9\x86\0"}', 'bad JSON at byte')
    bad('control character', b'{"id":"x9","body":"a\tb"}', 'bad JSON at byte')
    bad('wrong type', '{"id":"y1","title":7}', '"title" is no text')
    bad('wrong type', '{"id":"y2","body":["ن"]}', '"body" is no text')
    bad('wrong type', '{"id":{},"body":"ن"}', '"id" is no text')
    bad('wrong type', '{"id":"y3","body":"ن","keywords":[1]}', '"keywords" holds what is no text')
    bad('not an object', '["ن"]', 'bad JSON at byte')
    bad('missing body', '{"id":"y4","url":"https://x.example/"}', 'neither title nor body')
    bad('missing body', '{"id":"y5","title":" ","body":null}', 'neither title nor body')
    bad('control character in an id', '{"id":"y6\\u0007","body":"ن"}', 'the id holds a control character')
    bad('long id', json.dumps({'id': 'x' * 5000, 'body': 'ن'}), 'an id of 5000 bytes, more than 4096')
    bad('number out of range', '{"id":1e999,"body":"ن"}', 'bad JSON at byte|number')
    bad('deep nesting', '{"id":"y7","body":"ن","x":' + '[' * 100000 + ']' * 100000 + '}', 'bad JSON at byte|nest')
    bad('two articles under one id', '{"id":"bad-0","body":"مقال آخر"}',
        r'another article under the id of corpus/bad/lines\.jsonl:1: bad-0')
    bad('bad date', json.dumps({'id': 'y8', 'body': 'ن ' + p.text('y8')[1], 'date': 'أمس'}, ensure_ascii=False),
        '"date" is not understood', 'warning')
    bad('bad bytes in a line', p.object('y9').encode()[:-3] + b' \xff\xfe"}', '2 bad UTF-8 sequences ', 'repaired')
    good()
    p.put(place, b''.join(lines))
    p.bad('one JSON value', 'bad/array.json', '[\n{"body":"ن"}\n]\n', 'one JSON value over several lines',
          place='bad/array.json:1')
    with open(p.path('bad/long.jsonl'), 'wb') as file:
        file.write(p.object('before-long').encode())
        for _ in range(100):
            file.write(b'x' * (1 << 20))
        file.write(b'\n' + p.object('behind-long').encode())
    p.fault('100 MB line', 'bad/long.jsonl:2', 'refused', 'a line of more than 64 MiB')


def plant_packed(p):
    lines = ''.join(p.object(f'cut-{i}') for i in range(3)).encode()
    tail = noise(4000).hex().encode()
    cut = gzip.compress(lines + b'{"body":"' + tail)
    p.bad('cut gzip', 'packed/cut.jsonl.gz', cut[:-1000], 'the gzip data is cut at byte', place='packed/cut.jsonl.gz:4')
    p.bad('damaged gzip', 'packed/checksum.txt.gz', patch(gzip.compress(b'text ' * 500), -6),
          'the gzip data is damaged near byte')
    p.bad('gzip of zeros', 'packed/zeros.gz', gzip.compress(bytes(20 << 20)), 'not text')
    p.bad('gzip of zeros', 'packed/zeros.tar.gz', gzip.compress(bytes(1 << 20)), 'an archive with nothing in it')
    p.bad('gzip bomb', 'packed/bomb.jsonl.gz', gzip.compress(b'{"x":"' + b' ' * (60 << 20)), 'a bomb', place='packed/bomb.jsonl.gz:1')
    p.bad('bytes behind gzip', 'packed/behind.txt.gz', gzip.compress(p.page('packed/behind.txt.gz').encode()) + b'foreign bytes',
          r'the bytes from \d+ on are no gzip', 'warning')
    p.bad('cut xz', 'packed/cut.txt.xz', lzma.compress(noise(4000).hex().encode())[:-2000], 'damaged|trunc')
    p.bad('damaged bz2', 'packed/damaged.txt.bz2', patch(bz2.compress(noise(4000).hex().encode()), 900), 'damaged')
    p.bad('gzip in gzip', 'packed/deep.txt.gz.gz.gz.gz',
          gzip.compress(gzip.compress(gzip.compress(gzip.compress(b'text')))), 'compressed more than 3 times over')


def plant_archives(p):
    def member(kind, file, name, reason, said='refused'):
        p.fault(kind, f'{file}!{name}', said, reason)

    file = 'archives/hostile.zip'
    out = '%2E%2E/%2E%2E/etc/passwd.txt'
    p.put(file, zipped([('../../etc/passwd.txt', p.page(f'{file}!{out}')),
                        ('/tmp/absolute.txt', p.page(f'{file}!%2Ftmp/absolute.txt')),
                        ('esc\x1b[31m.txt', p.page(f'{file}!esc%1B[31m.txt')),
                        ('good.txt', p.page(f'{file}!good.txt'))]))
    member('name that leads out', file, out, 'leads out of the archive', 'warning')
    member('name that leads out', file, '%2Ftmp/absolute.txt', 'leads out of the archive', 'warning')
    file = 'archives/links.tar'
    p.put(file, tarred([('good.txt', p.page(f'{file}!good.txt')), ('soft.txt', (tarfile.SYMTYPE, '/etc/passwd')),
                        ('hard.txt', (tarfile.LNKTYPE, 'good.txt')), ('pipe.txt', (tarfile.FIFOTYPE, '')),
                        ('null.txt', (tarfile.CHRTYPE, ''))]))
    member('link in an archive', file, 'soft.txt', 'links are not followed')
    member('link in an archive', file, 'hard.txt', 'links are not followed')
    member('device in an archive', file, 'pipe.txt', 'neither a file nor a folder')
    member('device in an archive', file, 'null.txt', 'neither a file nor a folder')
    p.bad('nothing in an archive', 'archives/nothing.zip', zipped([]), 'an archive with nothing in it')
    p.bad('no archive', 'archives/no.zip', 'this is text and no archive\n' * 9, 'damaged near byte [0-9]+: Unrec')
    p.bad('no archive', 'archives/no.tar', noise(2000), 'damaged near byte [0-9]+: ')
    file = 'archives/encrypted.zip'
    secret = bytearray(zipped([('secret.txt', 'secret text'), ('good.txt', p.page(f'{file}!good.txt'))], zipfile.ZIP_STORED))
    secret[6] |= 1
    secret[secret.index(b'PK\1\2') + 8] |= 1
    p.put(file, bytes(secret))
    member('encrypted member', file, 'secret.txt', 'encrypted: decrypt it first')
    file = 'archives/checksum.zip'
    stored = zipped([('bad.txt', 'damaged text'), ('good.txt', p.page(f'{file}!good.txt'))], zipfile.ZIP_STORED)
    p.put(file, patch(stored, stored.index(b'damaged')))
    member('damaged member', file, 'bad.txt', 'damaged near byte [0-9]+: ZIP bad CRC')
    file = 'archives/cut.zip'
    parts = zipped([('good.txt', p.page(f'{file}!good.txt')), ('cut.txt', noise(3000).hex())])
    p.put(file, parts[:len(parts) // 2])
    member('cut archive', file, 'cut.txt', 'damaged near byte')
    p.fault('cut archive', file, 'refused', 'the rest of the archive is left out')
    file = 'archives/deep.zip'
    deep = zipped([('x.txt', 'text')])
    for i in range(4):
        deep = zipped([(f'{i}.zip', deep)])
    p.put(file, deep)
    member('archives too deep', file, '3.zip!2.zip!1.zip', 'an archive inside more than 2 others')
    file = 'archives/bomb.zip'
    flat = zipped([('even.txt', 'نص '.encode() * (9 << 20))])
    p.put(file, zipped([('good.txt', p.page(f'{file}!good.txt')), ('in.zip', flat)]))
    member('nested bomb', file, 'in.zip!even.txt', 'a bomb')
    p.fault('nested bomb', f'{file}!in.zip', 'refused', 'the rest of the archive is left out')
    write_million(p)


def write_million(p):
    """A zip of 10^6 entries and some more; Python's own zipfile would take a minute."""
    name, entries = 'archives/million.zip', 1000010
    local, central, offset = [], [], 0
    good = p.page(f'{name}!0000000.txt').encode()
    for i in range(entries):
        body = good if i == 0 else b''
        member = b'%07d' % i + (b'.txt' if i == 0 else b'/')
        head = struct.pack('<HHHHHIIIHH', 20, 0, 0, 0, 33, zlib.crc32(body), len(body), len(body), len(member), 0)
        local.append(b'PK\3\4' + head + member + body)
        central.append(b'PK\1\2\x14\0' + head + struct.pack('<HHHII', 0, 0, 0, 0, offset) + member)
        offset += len(local[-1])
    size = sum(map(len, central))
    end = struct.pack('<HHHHIIH', 0, 0, 0xFFFF, 0xFFFF, size, offset, 0)
    p.put(name, b''.join(local) + b''.join(central) + b'PK\5\6' + end)
    p.fault('10^6 entries', name, 'refused', 'more than 1000000 entries')


def plant_web(p):
    name = 'web/attributes.html'
    many = ''.join(f' a{i}="x"' for i in range(30000))
    p.bad('30,000 attributes', name, p.html(name, f'<div{many}></div>'), 'more than 512 attributes', 'warning')
    name = 'web/deep.html'
    p.bad('200,000 nested tags', name, p.html(name, '<div>' * 200000), 'nested tags|elements', 'warning')
    p.bad('50 MB page', 'web/huge.html', b'<html><body><p>' + b'<p>text ' * (50 << 17), 'more than 5 MiB')
    p.bad('page without text', 'web/none.html', '<html><head></head><body><script>x()</script></body></html>', '.')
    uri = 'https://warc.example/bad'
    good = [gzip.compress(record(f'{uri}/{i}', p.html(f'{uri}/{i}'))) for i in range(3)]
    broken = gzip.compress(record(f'{uri}/damaged', '<p>text</p>' + noise(900).hex()))
    length = gzip.compress(record(f'{uri}/length', '<p>x</p>').replace(b'Content-Length: ', b'Content-Length: x'))
    chunks = gzip.compress(record(f'{uri}/chunks', 'ff\r\ncut', more='Transfer-Encoding: chunked\r\n'))
    coded = gzip.compress(record(f'{uri}/coded', gzip.compress(b'<p>text</p>')[:-9], more='Content-Encoding: gzip\r\n'))
    brotli = gzip.compress(record(f'{uri}/brotli', noise(90), more='Content-Encoding: br\r\n'))
    file = 'crawl/bad.warc.gz'
    p.put(file, b''.join([good[0], patch(broken, len(broken) // 2), good[1], length, chunks, coded, brotli, good[2], good[2][:200]]))
    p.fault('damaged WARC record', f'{file}:2', 'refused', 'the gzip data is damaged near byte')
    p.fault('WARC record without a length', f'{file}:4', 'refused', 'no Content-Length')
    p.fault('cut chunks', f'{file}:5', 'refused', 'the chunked body is cut')
    p.fault('cut body', f'{file}:6', 'refused', 'the compressed body is cut')
    p.fault('unknown coding', f'{file}:7', 'refused', 'no reader for the Content-Encoding br')
    p.fault('cut WARC', f'{file}:9', 'refused', 'the gzip data is cut near byte')


def plant_others(p):
    p.bad('cut feed', 'feeds/cut.rss', '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>س</title>\n<item><title>خبر',
          'not well-formed XML in line 3', place='feeds/cut.rss:3')
    p.fault('cut feed', 'feeds/cut.rss', 'refused', 'cut short: </rss> is missing at the end')
    p.bad('table without a text', 'tables/columns.csv', 'a,b\n1,2\n', '.', place='tables/columns.csv*')
    p.bad('no DOCX', 'notes/no.docx', 'text', 'no DOCX document|damaged')
    p.bad('no DOCX', 'notes/empty.docx', zipped([('a.xml', '<a/>')]), 'no word/document.xml in it')
    p.bad('damaged DOCX', 'notes/xml.docx', zipped([('word/document.xml', '<w:p><w:t>text')]), 'its XML is damaged')


def plant_folder(p):
    os.makedirs(os.path.join(p.root, 'odd/sub'))
    os.symlink('..', p.path('odd/sub/loop'))
    p.fault('folder loop', 'odd/sub/loop', 'refused', 'a link to a folder that is already read')
    os.symlink('odd', p.path('odd2'))
    p.fault('folder loop', 'odd2', 'refused', 'a link to a folder that is already read')
    os.symlink('nowhere', p.path('odd/dangling.txt'))
    p.fault('link to nothing', 'odd/dangling.txt', 'refused', 'No such file or directory')
    os.symlink('self.txt', p.path('odd/self.txt'))
    p.fault('link to itself', 'odd/self.txt', 'refused', 'Too many levels of symbolic links')
    os.mkfifo(p.path('odd/fifo.txt'))
    p.fault('fifo', 'odd/fifo.txt', 'refused', 'neither a file nor a folder')
    here = os.getcwd()
    os.chdir(os.path.join(p.root, 'odd'))
    socket.socket(socket.AF_UNIX).bind('socket.txt')
    os.chdir(here)
    p.fault('socket', 'odd/socket.txt', 'refused', 'neither a file nor a folder')
    p.bad('no permission', 'odd/secret.txt', 'text', 'cannot be opened: Permission denied')
    os.chmod(p.path('odd/secret.txt'), 0)
    os.makedirs(os.path.join(p.root, 'odd/closed'))
    os.chmod(os.path.join(p.root, 'odd/closed'), 0)
    p.fault('no permission', 'odd/closed', 'refused', 'Permission denied')


def write(folder):
    p = Planter(folder)
    write_good(p)
    for plant in (plant_text, plant_lines, plant_packed, plant_archives, plant_web, plant_others, plant_folder):
        plant(p)
    with open(os.path.join(folder, 'expected.tsv'), 'w') as file:
        for fault in p.faults:
            file.write('\t'.join(fault) + '\n')
    with open(os.path.join(folder, 'queries.tsv'), 'w') as queries, open(os.path.join(folder, 'good.tsv'), 'w') as good:
        for number, (id, text) in enumerate(p.good):
            queries.write(f'{number}\t={text}\n')
            good.write(f'{number}\t{id}\n')
    files = sum(len(names) for _, _, names in os.walk(p.root))
    print(f'{files} files, {len(p.faults)} faults of {len({f[0] for f in p.faults})} kinds, {len(p.good)} good articles')


# ---- What comes out ----

def run(seconds, megabytes, command):
    began = time.monotonic()
    command = [shutil.which(command[0])] + command[1:]
    try:
        code = subprocess.run(command, timeout=float(seconds), env=dict(os.environ, PATH='/nonexistent')).returncode
    except subprocess.TimeoutExpired:
        sys.exit(f'not done after {seconds} seconds')
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f'{time.monotonic() - began:.1f} s, {peak:.0f} MB', file=sys.stderr)
    if float(megabytes) and peak > float(megabytes):
        sys.exit(f'{peak:.0f} MB, more than {megabytes}')
    sys.exit(code)


def check(folder, said):
    expected = [line.rstrip('\n').split('\t') for line in open(os.path.join(folder, 'expected.tsv'))]
    heard, wrong = [], 0
    for line in open(said, errors='replace'):
        match = re.match(r'corpus/(\S.*?(?::\d+)?): (refused|repaired|warning): (.*)$', line)
        if match:
            heard.append(match.groups())
    for kind, place, verb, reason in expected:
        fits = [h for h in heard if h[1] == verb and re.search(reason, h[2]) and
                (h[0] == place or (place[-1] == '*' and re.fullmatch(re.escape(place[:-1]) + r'(:\d+)?', h[0])))]
        if len(fits) == 1:
            heard.remove(fits[0])
            continue
        wrong += 1
        print(f'{kind}: said {len(fits)} times: {place}: {verb}: {reason}')
        for other in heard:
            if other[0].split(':')[0] == place.split(':')[0] or other[0] == place:
                print(f'    said: {": ".join(other)}')
    for other in heard:
        wrong += 1
        print(f'not planted: {": ".join(other)}')
    sys.exit(wrong > 0)


def found(folder, results):
    first = {}
    for line in open(results):
        number, _, rest = line.split(' ', 2)
        first.setdefault(number, []).append(rest.rsplit(' ', 3)[0])
    wrong = 0
    for line in open(os.path.join(folder, 'good.tsv')):
        number, id = line.rstrip('\n').split('\t')
        ids = [i[len('corpus/'):] if i.startswith('corpus/') else i for i in first.get(number, [])]
        if ids != [id]:
            wrong += 1
            print(f'{id}: found {ids}')
    sys.exit(wrong > 0)


if __name__ == '__main__':
    what = {'write': write, 'check': check, 'found': found}
    if sys.argv[1] == 'run':
        run(sys.argv[2], sys.argv[3], sys.argv[4:])
    what[sys.argv[1]](*sys.argv[2:])
