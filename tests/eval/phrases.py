#!/usr/bin/env python3
"""Judge phrase search: phrases of 4 to 6 words, cut from articles and spelled otherwise. Part of `make eval`.

A phrase is required (+"..."), so that nothing else is searched when no article has it. Each row of the table:

    spelled     how the words of the phrase were changed, every one that can be
    recall      the share of phrases whose own article is found
    altered     the same after one of the words was replaced by one that the article has in no spelling: 0 when a
                phrase is a phrase

Exit status 1 when a recall is not 1 or an `altered` is not 0.
"""
import sys

sys.dont_write_bytecode = True

import argparse
import gzip
import json
import os
import re
import unicodedata

import judge
import material
import metrics
import queries
import systems

HERE = os.path.dirname(os.path.abspath(__file__))
PHRASES = 500
DEPTH = 100000
LETTER = '[\u0621-\u063a\u0641-\u064a]'
RUN = re.compile(f'(?<!\\S)(?:{LETTER}+ ){{5,}}{LETTER}+(?!\\S)')
TASHKEEL = '\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670'
HIDDEN = '\u200f\u200e\u200d\u200c\u00ad\u061c'
FOREIGN = {'ك': 'ک', 'ي': 'ی', 'ه': 'ہ', 'ى': 'ی'}


def shapes():
    """The presentation form of each letter that has one: as in texts taken from PDF files."""
    found = {}
    for code in (*range(0xfb50, 0xfe00), *range(0xfe70, 0xff00)):
        plain = unicodedata.normalize('NFKC', chr(code))
        if len(plain) == 1:
            found.setdefault(plain, chr(code))
    return found


SHAPES = shapes()


def sprinkle(word, marks, draw):
    """One of MARKS behind every letter but the last."""
    return ''.join(letter + draw.one(marks) for letter in word[:-1]) + word[-1]


SPELLINGS = {
    'as it stands': lambda word, draw: word,
    'without hamza on alef': lambda word, draw: re.sub('[أإآ]', 'ا', word),
    'hamza on every alef': lambda word, draw: re.sub('[اأإآ]', lambda _: draw.one('أإآٱ'), word),
    'ه for ة, ى for ي': lambda word, draw: re.sub('ي$', 'ى', re.sub('ة$', 'ه', word)),
    'ة for ه, ي for ى': lambda word, draw: re.sub('ى$', 'ي', re.sub('ه$', 'ة', word)),
    'with tashkeel': lambda word, draw: sprinkle(word, TASHKEEL, draw),
    'with tatweel': lambda word, draw: word[0] + 'ـ' * (len(word) > 1) + word[1:],
    'letters of Persian and Urdu': lambda word, draw: ''.join(FOREIGN.get(letter, letter) for letter in word),
    'hamza as a mark of its own': lambda word, draw: unicodedata.normalize('NFD', word),
    'presentation forms': lambda word, draw: ''.join(SHAPES.get(letter, letter) for letter in word),
    'hidden marks inside': lambda word, draw: sprinkle(word, HIDDEN, draw),
}
ALONE = list(SPELLINGS.values())
SPELLINGS['each word in one of these'] = lambda word, draw: draw.one(ALONE)(word, draw)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default=os.path.join(HERE, '../../build'), help='the build folder')
    parser.add_argument('--shared', default=os.path.join(HERE, '../../../shared'))
    parser.add_argument('--engine', default='', help='of the index')
    return parser.parse_args()


def cut(articles):
    """PHRASES phrases, [(id of the article, its text, words)], and the words that many articles have."""
    phrases, common = [], {}
    for article in articles:
        draw = queries.Draw(f'phrase/{article["id"]}')
        runs = RUN.findall(article['body'])
        for word in set(article['body'].split()):
            common[word] = common.get(word, 0) + 1
        if runs and len(phrases) < PHRASES:
            words = draw.one(runs).split()
            count = 4 + draw.below(3)
            start = draw.below(len(words) - count + 1)
            phrases.append((article['id'], f'{article["title"]} {article["body"]}', words[start:start + count]))
    return phrases, sorted(common, key=lambda word: (-common[word], word))[:1000]


def loosely(text):
    """TEXT without most of what tells spellings apart."""
    bare = ''.join(c for c in unicodedata.normalize('NFKD', text) if not unicodedata.combining(c) and c != 'ـ')
    return bare.translate(str.maketrans('ٱةىیکہ', 'اهييكه'))


def alter(words, text, common, draw):
    """WORDS with one replaced by a common word that TEXT has in no spelling."""
    text = loosely(text)
    strange = [word for word in common if len(word) > 3 and loosely(word) not in text]
    at = draw.below(len(words))
    return words[:at] + [draw.one(strange)] + words[at + 1:]


class Asker:
    def __init__(self, ours, index, folder):
        self.ours, self.index, self.folder = ours, index, folder

    def found(self, asked):
        """Of ASKED, [(id, words)], the share whose article is among the results of the phrase."""
        lines = os.path.join(self.folder, 'phrases.tsv')
        output = os.path.join(self.folder, 'phrases.run')
        material.write(lines, (f'{n}\t+"{" ".join(words)}"\n' for n, (_, words) in enumerate(asked)))
        systems.run([os.path.join(self.ours.bin, 'fihris-search'), '--format', 'trec', '-n', str(DEPTH),
                     '--batch', lines, self.index], output)
        results = metrics.read_run(output)
        return sum(article in results.get(str(n), ()) for n, (article, _) in enumerate(asked)) / len(asked)


def main():
    args = options()
    corpus = os.path.join(args.shared, 'corpora', 'news.jsonl.gz')
    if not os.path.exists(corpus):
        print('skipped: ../shared is not there')
        return 0
    folder = os.path.join(args.build, 'eval')
    known = ['--engine', args.engine] if args.engine else []
    ours = systems.Fihris(os.path.join(args.build, 'bin'), known, os.path.join(folder, args.engine or 'default'))
    index, _ = ours.index('news', corpus)
    with gzip.open(corpus, 'rt', encoding='utf-8') as lines:
        phrases, common = cut(json.loads(line) for line in lines)
    asker, rows, wrong = Asker(ours, index, folder), [], False
    for name, spell in SPELLINGS.items():
        same, other = [], []
        for article, text, words in phrases:
            draw = queries.Draw(f'{name}/{article}')
            same.append((article, [spell(word, draw) for word in words]))
            other.append((article, [spell(word, draw) for word in alter(words, text, common, draw)]))
        recall, altered = asker.found(same), asker.found(other)
        rows.append([name, len(same), f'{recall:.4f}', f'{altered:.4f}'])
        wrong = wrong or recall < 1 or altered > 0
    print(judge.table(('spelled', 'phrases', 'recall', 'altered'), rows), end='\n\n')
    return int(wrong)


if __name__ == '__main__':
    sys.exit(main())
