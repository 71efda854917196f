#!/usr/bin/env python3
"""Judge the stemmers by themselves, on pairs of words that the corpora of ../shared attest: part of `make eval`.

Words count as they are written, without marks and tatweel; those met FREQUENT times or more. For each kind of
pair the tables have the share that gets one stem:

    X~الX ...   a word and the same with a clitic, for words of three letters or more without an article
    noun X~بX   the same where both are likely words of one: X takes the article, and بX does not
    root و      a word that begins with و, and الX; were the و a clitic, the article could not stand before it
    root بفكل   the same for the clitics of one letter
    ي~ى ...     two spellings, or two endings, of a word

and besides, with no share but as they are:

    words/stem  how many words a stem has
    lemma       of two words of one lemma (Universal Dependencies, PUD) the share that gets one stem
    strangers   of two words of one stem the share that has no lemma in common
    joined      the pairs of apart.tsv that share a stem, by what would have to come off

The row `light10` is no stemmer of ours: it is the one of Larkey, Ballesteros and Connell (2002), which Lucene has,
written down here to compare with.
"""
import sys

sys.dont_write_bytecode = True

import argparse
import collections
import gzip
import itertools
import json
import os
import re
import subprocess

import material

HERE = os.path.dirname(os.path.abspath(__file__))
CORPORA = ('news', 'journals')
FREQUENT = 5
WORD = re.compile('[\u0621-\u063a\u0640-\u065f\u0670\u0671\u06a9\u06cc]+')
MARKS = re.compile('[\u0640\u064b-\u065f\u0670]')
FINAL = {'ي~ى': ('ي', 'ى'), 'ة~ات': ('ة', 'ات')}


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default=os.path.join(HERE, '../../build'), help='the build folder')
    parser.add_argument('--shared', default=os.path.join(HERE, '../../../shared'))
    parser.add_argument('--stemmers', default='', help='some of them, parted by commas; all if not given')
    parser.add_argument('--joined', action='store_true', help='print the pairs of apart.tsv that share a stem')
    return parser.parse_args()


def frequent(corpus, args):
    """The words of a corpus that are met often enough; they are kept in the build folder."""
    kept = os.path.join(args.build, 'eval', f'{corpus}.{FREQUENT}.words')
    if not os.path.exists(kept):
        words = count_words(os.path.join(args.shared, 'corpora', f'{corpus}.jsonl.gz'))
        material.write(kept, (f'{word}\n' for word in sorted(words) if words[word] >= FREQUENT))
    with open(kept, encoding='utf-8') as lines:
        return set(lines.read().split())


def count_words(path):
    written = collections.Counter()
    with gzip.open(path, 'rt', encoding='utf-8') as lines:
        for line in lines:
            article = json.loads(line)
            written.update(WORD.findall(f'{article.get("title", "")}\n{article["body"]}'))
    words = collections.Counter()
    for word, count in written.items():
        words[MARKS.sub('', word)] += count
    del words['']
    return words


def pairs(words):
    """{kind: [(word, word)]}"""
    bare = sorted(word for word in words if len(word) >= 3 and not word.startswith('ال'))
    found = {f'X~{clitic}X': [(word, clitic + word) for word in bare] for clitic in ('ال', 'وال', 'بال', 'لل', 'و')}
    for clitic in 'بلك':
        found[f'noun X~{clitic}X'] = [(word, clitic + word) for word in bare
                                      if 'ال' + word in words and 'ال' + clitic + word not in words]
    found['root و'] = [(word, 'ال' + word) for word in bare if word[0] == 'و']
    found['root بفكل'] = [(word, 'ال' + word) for word in bare if word[0] in 'بفكل']
    for kind, (one, other) in FINAL.items():
        found[kind] = [(word, word[:-1] + other) for word in bare if word[-1] == one]
    found['ؤ~ئ'] = [(word, word.replace('ؤ', 'ئ')) for word in bare if 'ؤ' in word]
    return {kind: [pair for pair in some if pair[1] in words] for kind, some in found.items()}


def light10(word):
    word = word.translate(str.maketrans('أإآىة', 'ااايه'))
    for clitic in ('ال', 'وال', 'بال', 'كال', 'فال', 'لل', 'و'):
        if word.startswith(clitic) and len(word) - len(clitic) >= (3 if clitic == 'و' else 2):
            word = word[len(clitic):]
            break
    for ending in ('ها', 'ان', 'ات', 'ون', 'ين', 'يه', 'ه', 'ي'):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            word = word[:-len(ending)]
    return word


def stem_all(program, stemmer, words):
    """{word: stem}"""
    if stemmer == 'light10':
        return {word: light10(word) for word in words}
    lines = subprocess.run([program, '--stemmer', stemmer], input='\n'.join(words) + '\n', check=True,
                           capture_output=True, text=True, encoding='utf-8').stdout
    return dict(line.split('\t') for line in lines.splitlines())


def share(some, stems):
    return sum(stems[a] == stems[b] for a, b in some) / len(some) if some else 1.0


def read_rows(path):
    with open(path, encoding='utf-8') as lines:
        return [line.rstrip('\n').split('\t') for line in lines if not line.startswith('#')]


def lemmas(path):
    """{word: the lemmas it may have}"""
    found = collections.defaultdict(set)
    for surface, lemma, *_ in read_rows(path):
        found[MARKS.sub('', surface)].add(lemma)
    return found


def grouped(keys):
    """The pairs of words that share a key, {word: keys}."""
    members = collections.defaultdict(set)
    for word, some in keys.items():
        for key in some:
            members[key].add(word)
    return {pair for some in members.values() for pair in itertools.combinations(sorted(some), 2)}


def reasons(apart):
    return list(dict.fromkeys(reason for reason, _, _ in apart))


def row_of(stems, kinds, words, meanings, apart):
    kin = grouped(meanings)
    joined = grouped({word: {stems[word]} for word in meanings})
    told = collections.Counter(reason for reason, _, _ in apart)
    failed = collections.Counter(reason for reason, a, b in apart if stems[a] == stems[b])
    return ([f'{share(some, stems):.3f}' for some in kinds.values()] +
            [f'{len(words) / len({stems[word] for word in words}):.2f}', f'{len(kin & joined) / len(kin):.3f}',
             f'{len(joined - kin) / max(1, len(joined)):.3f}'] +
            [f'{failed[reason]} of {told[reason]}' for reason in reasons(apart)])


def report(corpus, words, rows, kinds, apart):
    print(f'{corpus}: {len(words)} words\n')
    columns = ['stemmer', *(f'{kind} ({len(some)})' for kind, some in kinds.items()), 'words/stem', 'lemma',
               'strangers', *(f'joined: {reason}' for reason in reasons(apart))]
    print('| ' + ' | '.join(columns) + ' |\n|---' + '|--:' * (len(columns) - 1) + '|')
    for name, cells in rows:
        print('| ' + ' | '.join([name, *cells]) + ' |')
    print(flush=True)


def main():
    args = options()
    if not os.path.isdir(os.path.join(args.shared, 'corpora')):
        print('skipped: ../shared is not there')
        return
    program = os.path.join(args.build, 'bin', 'fihris-stem')
    known = subprocess.run([program, '--list'], check=True, capture_output=True, text=True).stdout
    stemmers = [row.split('\t')[0] for row in known.splitlines()] + ['light10']
    if args.stemmers:
        stemmers = args.stemmers.split(',')
    apart = read_rows(os.path.join(HERE, 'apart.tsv'))
    meanings = lemmas(os.path.join(args.shared, 'stems', 'ud_pud_surface_lemma.tsv'))
    for corpus in CORPORA:
        words = frequent(corpus, args)
        kinds, rows = pairs(words), []
        asked = sorted(words | set(meanings) | {word for _, a, b in apart for word in (a, b)})
        for stemmer in stemmers:
            stems = stem_all(program, stemmer, asked)
            rows.append((stemmer, row_of(stems, kinds, words, meanings, apart)))
            if args.joined and corpus == CORPORA[0]:
                print(f'{stemmer}: ' + '، '.join(f'{a}/{b}' for _, a, b in apart if stems[a] == stems[b]))
        report(corpus, words, rows, kinds, apart)


if __name__ == '__main__':
    main()
