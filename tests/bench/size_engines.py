"""The engines that size is measured with, each over the same words of the same passages."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from qa.retrieval.large.index import LargeIndex

__all__ = ["ENGINES", "Asked", "Made", "ours"]

Asked = Callable[[Sequence[str]], object]
"""Finds the ten best passages for words."""
_K: Final = 10
Words = Callable[[], Iterator[list[str]]]
"""The words of each passage, anew each time it is called."""


@dataclass(frozen=True)
class Made:
    """An engine ready to be asked: how long making it took, and what it takes on the disk (0: nothing)."""

    name: str
    ask: Asked
    seconds: float
    bytes: int


def ours(index: LargeIndex) -> Asked:
    """This project's large engine, asked for passages by words alone, as the others are."""
    ranker = index.segments.passages
    return lambda words: ranker.top(dict.fromkeys(words, 1.0), _K)


def _bm25s(words: Words, folder: Path) -> Made:
    import bm25s
    from bm25s.tokenization import Tokenized

    began = time.perf_counter()
    vocabulary: dict[str, int] = {}
    ids = [[vocabulary.setdefault(word, len(vocabulary)) for word in unit] for unit in words()]
    made = bm25s.BM25(method="lucene", k1=1.5, b=0.75, backend="numba")
    made.index(Tokenized(ids=ids, vocab=vocabulary), show_progress=False)
    del ids
    seconds = time.perf_counter() - began
    made.save(folder / "bm25s", show_progress=False)
    size = sum(path.stat().st_size for path in (folder / "bm25s").iterdir())

    def ask(asked: Sequence[str]) -> Any:
        known = [vocabulary[word] for word in asked if word in vocabulary]
        return made.retrieve([known], k=_K, show_progress=False, n_threads=0)

    return Made("bm25s (numba)", ask, seconds, size)


def _tantivy(words: Words, folder: Path) -> Made:
    import tantivy

    began = time.perf_counter()
    schema = (
        tantivy.SchemaBuilder()
        .add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        .add_integer_field("at", stored=True)
        .build()
    )
    place = folder / "tantivy"
    place.mkdir()
    index = tantivy.Index(schema, path=str(place))
    writer = index.writer(256_000_000, num_threads=1)
    for at, unit in enumerate(words()):
        writer.add_document(tantivy.Document(words=" ".join(unit), at=at))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    seconds = time.perf_counter() - began
    either = tantivy.Occur.Should

    def ask(asked: Sequence[str]) -> Any:
        terms = [(either, tantivy.Query.term_query(schema, "words", word, "freq")) for word in asked]
        return searcher.search(tantivy.Query.boolean_query(terms), _K, count=False).hits

    return Made("tantivy", ask, seconds, sum(path.stat().st_size for path in place.iterdir()))


def _sqlite(words: Words, folder: Path) -> Made:
    began = time.perf_counter()
    database = sqlite3.connect(folder / "fts.sqlite", check_same_thread=False)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("CREATE VIRTUAL TABLE passages USING fts5(words, content='')")
    rows = ((at, " ".join(unit)) for at, unit in enumerate(words(), start=1))
    database.executemany("INSERT INTO passages(rowid, words) VALUES (?, ?)", rows)
    database.commit()
    seconds = time.perf_counter() - began

    def ask(asked: Sequence[str]) -> Any:
        either = " OR ".join(f'"{word}"' for word in asked if '"' not in word)
        query = f"SELECT rowid, rank FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT {_K}"
        return database.execute(query, (either,)).fetchall()

    return Made("SQLite FTS5", ask, seconds, (folder / "fts.sqlite").stat().st_size)


def _rank_bm25(words: Words, folder: Path) -> Made:
    from rank_bm25 import BM25Okapi

    began = time.perf_counter()
    made = BM25Okapi(list(words()), k1=1.5, b=0.75)
    seconds = time.perf_counter() - began

    def ask(asked: Sequence[str]) -> Any:
        scores = made.get_scores(asked)
        return np.argpartition(-scores, _K)[:_K]

    return Made("rank_bm25", ask, seconds, 0)


ENGINES: Final[dict[str, Callable[[Words, Path], Made]]] = {
    "bm25s": _bm25s,
    "tantivy": _tantivy,
    "sqlite": _sqlite,
    "rank_bm25": _rank_bm25,
}
