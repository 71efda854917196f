#!/usr/bin/env python3
"""Cuts long articles into many short ones, so that growth over the number of articles can be measured.

    cut_pages.py CORPUS.jsonl[.gz] OUT=COUNT... [--bytes N]

An article is cut at the ends of lines and sentences into pages of N bytes and a little more; a page is
ID#1, ID#2 and so on, and keeps the title, the date and the source. Each OUT gets COUNT pages drawn
evenly from the whole corpus, in its order; a smaller draw is part of every larger one, and the same
call gives the same pages. Prints `OUT TAB pages` for each.
"""
import argparse
import gzip
import hashlib
import json
import re

# What a sentence ends with, the white space behind it included.
PIECE = re.compile(r'.*?(?:\n+|[.!?؟؛][ \t]+|$)', re.DOTALL)
WORD = re.compile(r'\S*\s*')


def open_text(path):
    opener = gzip.open if path.endswith('.gz') else open
    return opener(path, 'rt', encoding='utf-8')


def pieces(text, size):
    """Lines and sentences; of those above twice SIZE bytes, words."""
    for piece in PIECE.findall(text):
        if len(piece.encode()) > 2 * size:
            yield from WORD.findall(piece)
        elif piece:
            yield piece


def cut(text, size):
    """Pages of at least SIZE bytes, but for the last. Their texts together are TEXT."""
    page, length = [], 0
    for piece in pieces(text, size):
        page.append(piece)
        length += len(piece.encode())
        if length >= size:
            yield ''.join(page)
            page, length = [], 0
    if page:
        yield ''.join(page)


def pages(corpus, size):
    """Each page as an article."""
    with open_text(corpus) as file:
        for line in file:
            article = json.loads(line)
            for n, text in enumerate(cut(article.get('body') or '', size), 1):
                if text.strip():
                    yield article | {'id': f'{article["id"]}#{n}', 'body': text}


def lot(page):
    """The page's place in the draw: the lowest are drawn."""
    return hashlib.blake2b(page['id'].encode(), digest_size=8).digest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('corpus')
    parser.add_argument('out', nargs='+', metavar='OUT=COUNT')
    parser.add_argument('--bytes', type=int, default=180)
    args = parser.parse_args()
    lots = sorted(lot(page) for page in pages(args.corpus, args.bytes))
    outs = []
    for name, _, count in (out.rpartition('=') for out in args.out):
        count = min(int(count), len(lots))
        outs.append((lots[count - 1], open(name, 'w', encoding='utf-8'), count))
    for page in pages(args.corpus, args.bytes):
        drawn = lot(page)
        line = json.dumps(page, ensure_ascii=False) + '\n'
        for highest, file, _ in outs:
            if drawn <= highest:
                file.write(line)
    for _, file, count in outs:
        file.close()
        print(f'{file.name}\t{count}')


main()
