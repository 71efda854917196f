#!/usr/bin/env python3
"""Makes the query sets of `make bench` from a corpus: one file for each kind, `qid TAB query`.

    make_queries.py CORPUS.jsonl[.gz] FOLDER [--count N] [--seed S]

    words.tsv     1 to 4 words side by side in a title
    phrase.tsv    "two words" side by side in a title or a body
    wildcard.tsv  the first three or four letters of a word of a title, and a star
    source.tsv    words of a title, and the source of the article they stand in
    date.tsv      words of a title, and the day or the month of that article

All but words.tsv are in the language of fihris-query(7). Articles are drawn evenly from the whole corpus. The
same corpus, count and seed give the same queries. A kind for which the corpus has nothing gets an empty file.
"""
import argparse
import gzip
import json
import os
import random
import re

WORD = re.compile(r'[\w\u0610-\u061a\u064b-\u065f\u0670]+')
LETTERS = re.compile(r'[\u0621-\u063a\u0641-\u064a]{3,}')
DRAWN_PER_QUERY = 4  # articles, as not each has what a kind asks for
MONTH_LEN, DAY_LEN = len('2026-02'), len('2026-02-09')


def open_text(path):
    opener = gzip.open if path.endswith('.gz') else open
    return opener(path, 'rt', encoding='utf-8')


def draw(path, count, rng):
    """COUNT articles by reservoir sampling, in random order."""
    drawn = []
    with open_text(path) as file:
        for seen, line in enumerate(file):
            if len(drawn) < count:
                drawn.append(line)
            elif (place := rng.randrange(seen + 1)) < count:
                drawn[place] = line
    rng.shuffle(drawn)
    return [json.loads(line) for line in drawn]


def side_by_side(text, count, rng):
    """COUNT words side by side in TEXT, of three letters and more and without marks, or None."""
    words = WORD.findall(text or '')
    starts = [i for i in range(len(words) - count + 1)
              if all(LETTERS.fullmatch(word) for word in words[i:i + count])]
    if not starts:
        return None
    start = rng.choice(starts)
    return words[start:start + count]


def make_words(article, rng):
    count = rng.choices((1, 2, 3, 4), (25, 35, 25, 15))[0]
    words = side_by_side(article.get('title'), count, rng)
    return words and ' '.join(words)


def make_phrase(article, rng):
    words = side_by_side(article.get(rng.choice(('title', 'body'))), 2, rng)
    return words and '"' + ' '.join(words) + '"'


def make_wildcard(article, rng):
    words = side_by_side(article.get('title'), 1, rng)
    return words and len(words[0]) > 4 and words[0][:rng.choice((3, 4))] + '*'


def make_source(article, rng):
    words, source = make_words(article, rng), article.get('source')
    return words and source and '"' not in source and f'source:"{source}" {words}'


def make_date(article, rng):
    words, date = make_words(article, rng), article.get('date')
    return words and date and f'date:{date[:rng.choice((MONTH_LEN, DAY_LEN))]} {words}'


KINDS = {'words': make_words, 'phrase': make_phrase, 'wildcard': make_wildcard, 'source': make_source,
         'date': make_date}


def make(kind, articles, count, seed):
    """At most COUNT queries of a KIND, all different."""
    rng = random.Random(f'{seed} {kind}')
    made = (KINDS[kind](article, rng) for article in articles)
    return list(dict.fromkeys(query for query in made if query))[:count]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('corpus')
    parser.add_argument('folder')
    parser.add_argument('--count', type=int, default=500)
    parser.add_argument('--seed', type=int, default=42)
    args = parser.parse_args()
    articles = draw(args.corpus, args.count * DRAWN_PER_QUERY, random.Random(args.seed))
    os.makedirs(args.folder, exist_ok=True)
    for kind in KINDS:
        queries = make(kind, articles, args.count, args.seed)
        with open(os.path.join(args.folder, kind + '.tsv'), 'w', encoding='utf-8') as file:
            file.writelines(f'{kind}{i:04d}\t{query}\n' for i, query in enumerate(queries))


main()
