"""Segmented text, kept by content: indexing again after a change segments only what changed.

A document's words are kept under the sha256 of its texts, of the segmenter's vocabulary, and of the
names of people that occur in those texts. A new speaker in one briefing so leaves the words of the
others as they are; another lexicon segments everything anew. What is kept gives the same index, to the
byte, as segmenting again. The file is disposable: one that is damaged is begun afresh, one that cannot
be written is done without.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from qa.language.segment import Segmenter
from qa.retrieval.terms import bigrams, words

__all__ = ["Segmented", "Terms", "TokenCache"]

_KEPT_DAYS: Final = 90
"""How long words that no index asked for are kept."""
_FLUSH_SECONDS: Final = 1.0
"""How much work at most an interruption loses."""
_DAY: Final = 86400.0


class Terms(Protocol):
    """Gives the terms of the texts of one document, each text's in order, with repetition."""

    def of(self, texts: Sequence[str]) -> list[list[str]]:
        """The terms of each of ``texts``, which are folded and in simplified characters."""


class Segmented:
    """Segments every text that is asked for. ``seconds`` and ``characters`` say how much that was."""

    def __init__(self, segmenter: Segmenter) -> None:
        self.segmenter = segmenter
        self.seconds = 0.0
        self.characters = 0

    def of(self, texts: Sequence[str]) -> list[list[str]]:
        """See :class:`Terms`. A text that comes again (a title, a question) is segmented once."""
        once = list(dict.fromkeys(texts))
        found = dict(zip(once, self.words_of(once), strict=True))
        return [[*found[text], *bigrams(text)] for text in texts]

    def words_of(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each of ``texts``."""
        began = time.perf_counter()
        found = [list(words(text, self.segmenter)) for text in texts]
        self.seconds += time.perf_counter() - began
        self.characters += sum(map(len, texts))
        return found


class TokenCache(Segmented):
    """As :class:`Segmented`, with what was segmented before taken from a file."""

    def __init__(self, segmenter: Segmenter, path: Path) -> None:
        super().__init__(segmenter)
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._waiting: list[tuple[bytes, int, bytes]] = []
        self._flushed = time.monotonic()

    @contextmanager
    def opened(self) -> Iterator[TokenCache]:
        """Keeps the file open; what was segmented is kept however the work inside ends."""
        self._database = _open(self._path)
        try:
            yield self
        finally:
            self._flush()
            if self._database is not None:
                self._database.close()
                self._database = None

    def words_of(self, texts: Sequence[str]) -> list[list[str]]:
        """See :class:`Segmented`."""
        key = self._key(texts)
        kept = self._kept(key)
        if kept is not None and len(kept) == len(texts):
            return kept
        found = super().words_of(texts)
        if self._database is not None:
            value = zlib.compress(json.dumps(found, ensure_ascii=False).encode(), 1)
            self._waiting.append((key, _today(), value))
            if time.monotonic() - self._flushed > _FLUSH_SECONDS:
                self._flush()
        return found

    def _key(self, texts: Sequence[str]) -> bytes:
        total = hashlib.sha256(self.segmenter.digest.encode())
        total.update(repr(self.segmenter.names_in(texts)).encode())
        total.update(json.dumps(texts, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        return total.digest()

    def _kept(self, key: bytes) -> list[list[str]] | None:
        if self._database is None:
            return None
        try:
            row = self._database.execute("SELECT words FROM tokens WHERE key = ?", (key,)).fetchone()
            kept: list[list[str]] | None = None if row is None else json.loads(zlib.decompress(row[0]))
        except (sqlite3.Error, zlib.error, ValueError):
            return None  # damaged: segment it again
        return kept

    def _flush(self) -> None:
        self._flushed = time.monotonic()
        if self._database is None or not self._waiting:
            return
        try:
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", self._waiting)
        except sqlite3.Error:  # a full disk, a damaged file: the index is made all the same
            self._database.close()
            self._database = None
        self._waiting.clear()


def _today() -> int:
    return int(time.time() // _DAY)


def _open(path: Path) -> sqlite3.Connection | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    for attempt in (1, 2):
        try:
            return _connected(path)
        except sqlite3.Error:
            if attempt == 2:
                return None
            _remove(path)
    return None


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        with database:
            columns = "key BLOB PRIMARY KEY, day INTEGER, words BLOB"
            database.execute(f"CREATE TABLE IF NOT EXISTS tokens ({columns}) WITHOUT ROWID")
            database.execute("DELETE FROM tokens WHERE day < ?", (_today() - _KEPT_DAYS,))
    except sqlite3.Error:
        database.close()
        raise
    return database


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
