"""The collections of ../shared/collections, as files to index and to ask."""
import gzip
import json
import os

import metrics
import queries

COLLECTIONS = ('qa_pool', 'arcd', 'xquad_ar', 'news_knownitem')


class Collection:
    """One collection. What must be made of it is kept in FOLDER."""

    def __init__(self, name, shared, folder):
        self.name, self.shared, self.folder = name, shared, folder
        self.home = os.path.join(shared, 'collections', name)
        self.qrels = metrics.read_qrels(os.path.join(self.home, 'qrels.txt'))
        self.queries = queries.read(os.path.join(self.home, 'queries.tsv'))

    def documents(self):
        """A file of JSON Lines of its documents, not compressed: a peer may know no gzip."""
        plain = os.path.join(self.home, 'docs.jsonl')
        if os.path.exists(plain):
            return plain
        made = os.path.join(self.folder, f'{self.name}.jsonl')
        if not os.path.exists(made):
            lines = self.listed() if self.name == 'news_knownitem' else self.packed()
            write(made, lines)
        return made

    def packed(self):
        with gzip.open(os.path.join(self.home, 'docs.jsonl.gz'), 'rt', encoding='utf-8') as lines:
            yield from lines

    def listed(self):
        """The articles of doc_ids.txt, without the titles, which are the queries."""
        with open(os.path.join(self.home, 'doc_ids.txt'), encoding='utf-8') as lines:
            wanted = set(lines.read().split())
        with gzip.open(os.path.join(self.shared, 'corpora', 'news.jsonl.gz'), 'rt', encoding='utf-8') as lines:
            for line in lines:
                article = json.loads(line)
                if article['id'] in wanted:
                    yield json.dumps({'id': article['id'], 'body': article['body']}, ensure_ascii=False) + '\n'

    def asked(self, name):
        """A file of the query set NAME."""
        made = os.path.join(self.folder, f'{self.name}.{name}.tsv')
        write(made, (f'{qid}\t{text}\n' for qid, text in queries.make(name, self.queries)))
        return made


def write(path, lines):
    """Whole or not at all."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + '.new', 'w', encoding='utf-8') as file:
        file.writelines(lines)
    os.replace(path + '.new', path)
