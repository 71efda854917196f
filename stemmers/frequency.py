#!/usr/bin/env python3
"""Make frequency.bin, the word frequencies that the stemmer `light` decides by: what `make frequency` runs.

    stemmers/frequency.py --stem build/bin/fihris-stem --dictionary ar.dic --names NAMES.tsv ARTICLES.jsonl.gz...

Counted are the words of the articles' titles and texts, folded by fihris-stem and with one letter for every
hamza, each by itself and, apart from that, behind an article; those that are met SELDOM times or less are left
out. Words of the dictionary, in the form of Hunspell, are marked; those that nobody wrote are taken in when they
look as if they had a clitic. Names, the first column of NAMES.tsv, are marked when they are in no dictionary and
seldom met in the articles, where they might be other words. The file is the same whenever these are. stemmers/frequency.c draws it;
LICENSES-data.md tells whose words they are.
"""
import argparse
import collections
import gzip
import json
import math
import re
import struct
import subprocess

SELDOM = 1
HAMZAS = str.maketrans('ؤئ', 'ءء')
WORD = re.compile('[\u0621-\u063a\u0640-\u065f\u0670\u0671\u0679-\u06d3]+')
MARKS = re.compile('[\u0640\u064b-\u065f\u0670]')
ARTICLES = ('وبال', 'فبال', 'وكال', 'ولل', 'فلل', 'وال', 'فال', 'بال', 'كال', 'لل', 'ال')
REST_MIN = 2  # letters behind an article
WORD_MIN = 2
NAME_SELDOM = 8  # times that a name is met at most, being another word as well
NAME_PLAIN = 64  # times when it begins with a letter that stands before nouns alone, and seldom
PLAIN = re.compile('[فبكل][^يتنا]')
OFTEN = 50  # times that make a word a common one
NOUN = 10  # a noun has the article at least once in so many times
CLITIC = re.compile('[وفبلكس]..|..+(ان|ون|ين|ات|وا|ها|هم|هن|كم|نا|ت|ا)$')

MAGIC = b'fihrisF3'
HASH_MULTIPLIER = 0x9E3779B97F4A7C15
WHOLE = (1 << 64) - 1
BUCKET_BITS = 14
PRINT_BITS = 18
RATE_BITS = 6


def written(paths):
    """{word as it stands: how often}"""
    found = collections.Counter()
    for path in paths:
        with gzip.open(path, 'rt', encoding='utf-8') as lines:
            for line in lines:
                article = json.loads(line)
                found.update(WORD.findall(f'{article.get("title", "")}\n{article["body"]}'))
    words = collections.Counter()
    for word, count in found.items():
        words[MARKS.sub('', word)] += count
    return words


def folded(words, program):
    """{folded word: how often}"""
    output = subprocess.run([program, '--form', 'folded'], input='\n'.join(words) + '\n', check=True,
                            capture_output=True, text=True, encoding='utf-8').stdout
    found = collections.Counter()
    for line in output.splitlines():
        word, _, terms = line.partition('\t')
        if terms and ' ' not in terms:
            found[terms.translate(HAMZAS)] += words[word]
    return found


def without_article(word):
    """The word behind its article, or None."""
    for article in ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= REST_MIN:
            return word[len(article):]
    return None


def usages(words):
    """{word: [how often by itself, how often behind an article]}"""
    found = collections.defaultdict(lambda: [0, 0])
    for word, count in words.items():
        rest = without_article(word)
        found[rest or word][rest is not None] += count
    return {word: usage for word, usage in found.items() if sum(usage) > SELDOM and len(word) >= WORD_MIN}


def entries_of(path):
    """The words of a dictionary in the form of Hunspell, {word: 1}; without particles, which take no affixes."""
    with open(path, encoding='utf-8') as lines:
        words = [line.split('/')[0] for line in lines if '/' in line]
    return collections.Counter({MARKS.sub('', word) for word in words if WORD.fullmatch(word)})


def names_of(path):
    """The first column of a table, {name: 1}."""
    with open(path, encoding='utf-8') as lines:
        words = [line.split('\t')[0] for line in lines]
    return collections.Counter({MARKS.sub('', word) for word in words if WORD.fullmatch(word)})


def is_name(word, found):
    """Is a word of the list of names that and hardly anything else?"""
    bare, article = found.get(word, (0, 0))
    rest = without_article(word)
    if rest and (word.startswith('ال') or found.get(rest, (0, 0))[1] > NAME_SELDOM):
        return False
    if article and NOUN * article >= bare or word.endswith('يه'):  # which is rather an adjective
        return False
    behind, with_article = found.get(word[1:], (0, 0))
    if word[0] in 'وفبلك' and behind + with_article >= OFTEN and NOUN * with_article >= behind:
        return False
    return bare <= (NAME_PLAIN if PLAIN.match(word) else NAME_SELDOM)


def hash_of(word):
    text = word.encode()
    value = len(text)
    for at in range(0, len(text), 8):
        value = (value ^ int.from_bytes(text[at:at + 8], 'little')) * HASH_MULTIPLIER & WHOLE
        value ^= value >> 32
    return value * HASH_MULTIPLIER & WHOLE


def rate(count):
    """The step of a count: 0 for none, then three for each doubling."""
    return min(round(3 * math.log2(count)) + 1, (1 << RATE_BITS) - 1) if count else 0


def packed(found, marked, names):
    rows = sorted((hash_of(word) >> (64 - BUCKET_BITS - PRINT_BITS), (word in names) << 1 | (word in marked),
                   rate(bare), rate(article)) for word, (bare, article) in found.items())
    starts, entries, before = [0] * ((1 << BUCKET_BITS) + 1), [], None
    for number, mark, bare, article in reversed(rows):
        if number == before:  # two words that look alike here: the first of the order stays
            continue
        before = number
        starts[(number >> PRINT_BITS) + 1] += 1
        entries.append((number & ((1 << PRINT_BITS) - 1)) << 2 * RATE_BITS + 2 | mark << 2 * RATE_BITS |
                       bare << RATE_BITS | article)
    for bucket in range(1 << BUCKET_BITS):
        starts[bucket + 1] += starts[bucket]
    return MAGIC + struct.pack(f'<{len(starts) + len(entries)}I', *starts, *reversed(entries)), len(entries)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--stem', default='build/bin/fihris-stem', help='the program that folds')
    parser.add_argument('--dictionary', required=True, help='ar.dic of the Debian package hunspell-ar')
    parser.add_argument('--names', required=True, help='a table whose first column is names')
    parser.add_argument('--output', default='stemmers/frequency.bin')
    parser.add_argument('articles', nargs='+', help='JSON Lines with title and body, gzip')
    args = parser.parse_args()
    found = usages(folded(written(args.articles), args.stem))
    marked = folded(entries_of(args.dictionary), args.stem)
    for word in marked:
        if CLITIC.match(word):
            found.setdefault(word, [0, 0])
    names = {word for word in folded(names_of(args.names), args.stem)
             if word not in marked and len(word) > WORD_MIN and is_name(word, found)}
    for word in names:
        found.setdefault(word, [0, 0])
    content, count = packed(found, marked, names)
    with open(args.output, 'wb') as file:
        file.write(content)
    print(f'{args.output}: {count} words, {len(names)} of them names, {len(content)} bytes')


if __name__ == '__main__':
    main()
