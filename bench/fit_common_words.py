"""Which words every document of the trade writes: they say nothing of what a clause is about.

    python -m bench.fit_common_words

Counts in how many of the training documents (and the even new ones) a word stands, the lexicon's among them, and writes
those of at least three in ten to `knowledge/data/common_words.txt`.
"""

from __future__ import annotations

from collections import Counter

from bench import asked_documents, published_documents
from knowledge.authoring.seed import DATA
from knowledge.retrieval.lexicon import of_files
from knowledge.retrieval.normalise import plain, seed_synonyms, vocabulary

SHARE = 0.3
_CARRIED = frozenset({"社会保障卡", "社保卡", "医保电子凭证"})
"""What is shown everywhere, and a matter of its own where a document writes of it."""
_FILES = (".txt", ".html", ".htm")


def main() -> None:
    documents = [
        *published_documents.load(asked_documents.FOLDER),
        *published_documents.load(published_documents.FOLDER, even=True),
    ]
    texts = [plain(one.data.decode("utf-8")) for one in documents if one.file_name.endswith(_FILES)]
    known = {plain(word) for row in of_files() for word in row.split()}
    cut = vocabulary(seed_synonyms()).words
    cut_texts = [set(cut(text)) for text in texts]
    counted = Counter(word for one in cut_texts for word in one)
    counted |= Counter({word: sum(word in text for text in texts) for word in known if len(word) > 1})
    common = {word for word, count in counted.items() if count >= SHARE * len(texts) and not word.isdecimal()}
    (DATA / "common_words.txt").write_text("\n".join(sorted(common - _CARRIED)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
