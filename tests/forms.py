#!/usr/bin/env python3
"""One article in every form that fihris-index reads: forms.py FOLDER writes FOLDER/in, ids.tsv, title and body.

Each line of ids.tsv is the id under which the article must be found; its file says the form.
"""
import bz2, csv, gzip, io, json, lzma, os, subprocess, sys, tarfile, zipfile
from xml.sax.saxutils import escape

TITLE = 'وزارة الزراعة تعلن موسم الزيتون'
# Three paragraphs with what is hard: tashkeel, tatweel, the hamza, teh marbuta, Arabic marks. ISO-8859-6 has it all.
PARAGRAPHS = [
    'أعلنت وزارة الزراعة يوم الأحد أنّ موسم قطاف الزيتون سيبدأ في منتصف الشهر، وقالت إن الأمطار كانت أفضل من العام الماضي.',
    'وقال مسؤول في الوزارة: المزارعون ينتظرون أسعارا عادلة؛ فهل تكفي المعاصر؟ وأضاف أن خمسين معصرة جديدة ستعمل في القرى البعيدة.',
    'وتوقّع خبراء أن يـــصل الإنتاج إلى ثلاثين ألف طن من الزيت، وأن تُصدَّر الكمية الكبرى إلى الخارج خلال أشهر قليلة.']
BODY = '\n'.join(PARAGRAPHS)
PAGE = f'{TITLE}\n{BODY}\n'
CHARSETS = ['utf-8', 'utf-8-sig', 'windows-1256', 'iso-8859-6', 'utf-16', 'utf-16-le', 'utf-16-be']

folder = sys.argv[1]
ids = []


def put(name, content, id=None):
    path = os.path.join(folder, 'in', name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    ids.append(id or f'in/{name}')


def html(charset, wrap='<article>{}</article>'):
    text = ''.join(f'<p>{escape(p)}</p>\n' for p in PARAGRAPHS)
    return (f'<!DOCTYPE html>\n<html lang="ar"><head><meta charset="{charset}">\n<title>{TITLE}</title></head>\n<body><nav><a '
            f'href="/">الرئيسية</a></nav>\n{wrap.format(f"<h1>{TITLE}</h1>" + text)}\n<script>var x = "سر";</script></body></html>\n')


def line(id):
    return json.dumps({'id': id, 'title': TITLE, 'body': BODY}, ensure_ascii=False) + '\n'


def table(id, separator):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([['id', 'title', 'body'], [id, TITLE, BODY]])
    return out.getvalue()


def marked():
    return ''.join(f'<p>{escape(p)}</p>' for p in PARAGRAPHS)


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, content in members:
            z.writestr(name, content)
    return out.getvalue()


def tarred(name, content, mode):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as t:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        t.addfile(info, io.BytesIO(content))
    return out.getvalue()


def record(uri, kind, body, more='', content=None):
    block = body if content else f'HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{more}\r\n'.encode() + body
    return (f'WARC/1.0\r\nWARC-Type: {"resource" if content else "response"}\r\nWARC-Target-URI: {uri}\r\n'
            f'Content-Type: {content or "application/http; msgtype=response"}\r\nContent-Length: {len(block)}\r\n\r\n').encode() \
        + block + b'\r\n\r\n'


def chunk(body):
    parts = [body[i:i + 100] for i in range(0, len(body), 100)]
    return b''.join(b'%x\r\n' % len(part) + part + b'\r\n' for part in parts) + b'0\r\n\r\n'


def docx():
    text = ''.join(f'<w:p><w:r><w:t>{escape(p[:9])}</w:t></w:r><w:r><w:t xml:space="preserve">{escape(p[9:])}</w:t></w:r></w:p>'
                   for p in [TITLE] + PARAGRAPHS)
    return zipped([('[Content_Types].xml', '<Types/>'), ('word/document.xml', (
        '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:body>{text}</w:body></w:document>'))])


for charset in CHARSETS:
    put(f'page-{charset}.txt', PAGE.encode(charset))
    put(f'lines-{charset}.jsonl', line(f'lines-{charset}').encode(charset), f'lines-{charset}')
    put(f'table-{charset}.csv', table(f'table-{charset}', ',').encode(charset), f'table-{charset}')
    put(f'note-{charset}.md', f'# {TITLE}\n\n{BODY}\n'.encode(charset))
    put(f'web-{charset}.html', html(charset.replace('-sig', '')).encode(charset))
put('plain', PAGE)
put('escaped.jsonl', json.dumps({'id': 'escaped', 'title': TITLE, 'body': BODY}) + '\n', 'escaped')
put('table.tsv', table('tsv', '\t'), 'tsv')
put('main.html', html('utf-8', '<main>{}</main>'))
put('dense.htm', html('utf-8', '<div><div>{}</div></div>'))
put('feed.rss', f'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    f'<title>س</title><item><title>{TITLE}</title><link>https://forms.example/rss</link><content:encoded>'
    f'<![CDATA[{marked()}]]></content:encoded></item></channel></rss>', 'https://forms.example/rss')
put('feed.atom', f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>س</title><entry><title>{TITLE}</title>'
    f'<id>urn:forms</id><content type="html">{escape(marked())}</content></entry></feed>', 'urn:forms')
put('front.md', f'---\ntitle: {TITLE}\n---\n{BODY}\n')
put('paper.docx', docx())
for ending, pack in {'gz': gzip.compress, 'bz2': bz2.compress, 'xz': lzma.compress}.items():
    put(f'packed.txt.{ending}', pack(PAGE.encode()))
    put(f'unnamed-{ending}', pack(PAGE.encode('windows-1256')))
if subprocess.run(['sh', '-c', 'command -v zstd'], capture_output=True).returncode == 0:
    put('packed.txt.zst', subprocess.run(['zstd', '-q'], input=PAGE.encode(), capture_output=True).stdout)
put('a.zip', zipped([('سنة/خبر.txt', PAGE), ('docs/paper.docx', docx())]), 'in/a.zip!سنة/خبر.txt')
ids.append('in/a.zip!docs/paper.docx')
put('old.zip', zipped([('old.html', html('windows-1256').encode('windows-1256'))]), 'in/old.zip!old.html')
put('no-name-zip', zipped([('x.txt', PAGE)]), 'in/no-name-zip!x.txt')
for ending, mode in {'tar': 'w', 'tar.gz': 'w:gz', 'tgz': 'w:gz', 'tar.xz': 'w:xz', 'tar.bz2': 'w:bz2'}.items():
    put(f'b.{ending}', tarred('dir/page.txt', PAGE.encode(), mode), f'in/b.{ending}!dir/page.txt')
put('deep.zip', zipped([('in.tar.gz', tarred('lines.jsonl.gz', gzip.compress(line('deep').encode()), 'w:gz'))]), 'deep')
records = [
    record('https://forms.example/w/plain', 'text/html; charset=utf-8', html('utf-8').encode()),
    record('https://forms.example/w/declared', 'text/html; charset=windows-1256', html('x').encode('windows-1256')),
    record('https://forms.example/w/chunked', 'text/html', chunk(html('utf-8').encode()), 'Transfer-Encoding: chunked\r\n'),
    record('https://forms.example/w/coded', 'text/html', gzip.compress(html('utf-8').encode()), 'Content-Encoding: gzip\r\n'),
    record('https://forms.example/w/text', '', PAGE.encode(), content='text/plain')]
for number, one in enumerate(records):
    id = one.split(b'WARC-Target-URI: ')[1].split(b'\r\n')[0].decode()
    put(f'crawl-{number}.warc.gz', gzip.compress(one), id)
put('crawl.warc', records[0].replace(b'/w/plain', b'/w/whole'), 'https://forms.example/w/whole')

with open(os.path.join(folder, 'ids.tsv'), 'w') as file:
    file.writelines(id + '\n' for id in ids)
for name, text in {'title': TITLE, 'body': BODY}.items():
    with open(os.path.join(folder, name), 'w') as file:
        file.write(text)
