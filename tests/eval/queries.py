#!/usr/bin/env python3
"""Query sets, made from one file of queries: queries.py SET QUERIES.tsv prints one (qid TAB text).

    clean      the queries as they are
    three      three words of three letters or more of each, drawn at random, in their order
    careless   spelled as people type: alef without its hamza, alef maqsura for a final yeh, heh for teh marbuta
    edit1, edit2, edit3
               one error of typing in one word of five letters or more: a letter put in, left out,
               replaced, or two swapped

What is drawn depends on the set and the query's number alone, so that a set is the same on every machine,
and a query more or less changes no other.
"""
import hashlib
import re
import sys

EDITS = ('edit1', 'edit2', 'edit3')
SETS = ('clean', 'three', 'careless') + EDITS

# A word of three letters or more, with the marks on them; and one of five or more, without any.
MARKS = '\u0640\u064b-\u065f\u0670'
LETTER = '[\u0621-\u063a\u0641-\u064a]'
WORD = re.compile(f'(?:{LETTER}[{MARKS}]*){{3,}}')
LONG = re.compile(f'(?<![\u0621-\u065f])(?:{LETTER}){{5,}}(?![\u0621-\u065f])')
ALPHABET = 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي'


class Draw:
    """Numbers from a seed, the same in every version of Python."""

    def __init__(self, seed):
        self.seed, self.count = seed, 0

    def below(self, n):
        self.count += 1
        digest = hashlib.sha256(f'{self.seed}/{self.count}'.encode()).digest()
        return int.from_bytes(digest[:8], 'big') % n

    def one(self, items):
        return items[self.below(len(items))]

    def some(self, items, count):
        """COUNT of ITEMS, in their order."""
        left = list(range(len(items)))
        while len(left) > count:
            left.pop(self.below(len(left)))
        return [items[i] for i in left]


def three_words(text, draw):
    words = list(dict.fromkeys(WORD.findall(text)))
    return ' '.join(draw.some(words, 3)) if words else text


def careless(text):
    text = re.sub('[أإآ]', 'ا', text).replace('ة', 'ه')
    return re.sub(f'ي(?=[{MARKS}]*(?![\u0621-\u065f]))', 'ى', text)


def edit_word(word, draw):
    """WORD with one error; always another word."""
    kind = draw.one(('insert', 'delete', 'replace', 'swap'))
    pairs = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
    if kind == 'swap' and pairs:
        at = draw.one(pairs)
        return word[:at] + word[at + 1] + word[at] + word[at + 2:]
    if kind == 'insert':
        at = draw.below(len(word) + 1)
        return word[:at] + draw.one(ALPHABET) + word[at:]
    at = draw.below(len(word))
    put = draw.one(ALPHABET.replace(word[at], '')) if kind == 'replace' else ''
    return word[:at] + put + word[at + 1:]


def mistyped(text, draw):
    words = list(LONG.finditer(text))
    if not words:
        return text
    word = draw.one(words)
    return text[:word.start()] + edit_word(word.group(), draw) + text[word.end():]


def make(name, queries):
    """The set NAME of QUERIES, [(qid, text)]."""
    if name == 'clean':
        return queries
    if name == 'careless':
        return [(qid, careless(text)) for qid, text in queries]
    change = three_words if name == 'three' else mistyped
    return [(qid, change(text, Draw(f'{name}/{qid}'))) for qid, text in queries]


def read(path):
    with open(path, encoding='utf-8') as lines:
        return [tuple(line.rstrip('\n').split('\t', 1)) for line in lines if '\t' in line]


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in SETS:
        sys.exit(f'usage: queries.py {"|".join(SETS)} QUERIES.tsv')
    for qid, text in make(sys.argv[1], read(sys.argv[2])):
        print(qid, text, sep='\t')


if __name__ == '__main__':
    main()
