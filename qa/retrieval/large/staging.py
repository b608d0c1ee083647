"""Where an index is made: a folder beside its own, kept when the work is interrupted and gone on from.

What the work was begun from (the corpus's files, lexicon, programs, settings) is written down first. What is
begun again from the same goes on; from anything else it begins anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from qa.about import program_version
from qa.errors import CorpusError, IndexFormatError
from qa.retrieval.large.building import Piece
from qa.retrieval.large.manifest import FORMAT
from qa.retrieval.store import programs

__all__ = ["begun_from", "pieces_of", "staged"]

_BEGUN: Final = "begun.json"
_FOLDERS: Final = 64
"""How many folders of transcripts are read as one part."""


@contextmanager
def staged(index: Path, begun: str) -> Iterator[Path]:
    """The folder to work in, with what is there already where the work was ``begun`` from the same.

    It is removed when the work inside is done, and kept when that fails.

    Raises:
        IndexFormatError: if somebody else is at work on the index, or nothing can be written.
    """
    folder = index.parent / f".{index.name}.building"
    try:
        index.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(index.parent / f".{index.name}.lock", timeout=0):
            _fresh_unless(folder, begun)
            yield folder
            shutil.rmtree(folder)
    except Timeout as error:
        raise IndexFormatError(
            f"另一个命令正在写索引“{index.name}”。请等它结束，再运行一次。",
            code="index_busy",
            detail=f"{index}: locked",
        ) from error
    except OSError as error:
        raise IndexFormatError(
            f"索引“{index.name}”写不进去。请检查文件夹的写入权限和磁盘空间，再运行一次，会接着做。",
            code="index_unwritable",
            detail=f"{index}: {error}",
        ) from error


def _fresh_unless(folder: Path, begun: str) -> None:
    told = folder / _BEGUN
    if told.is_file() and told.read_text("utf-8") == begun:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    told.write_text(begun, "utf-8")


def begun_from(**facts: object) -> str:
    """What work is begun from, as a text that differs where anything of it does."""
    body = {**facts, "program": program_version(), "format": FORMAT, "programs": programs()}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, default=str)


def pieces_of(corpus: Path, most_bytes: int) -> tuple[list[Piece], str]:
    """The parts a corpus is read in, and a digest of its files' names, sizes and times.

    Args:
        corpus: a folder of folders of transcripts, or a ``.jsonl``.
        most_bytes: about how many bytes of a ``.jsonl`` a part has.

    Raises:
        CorpusError: if it is not there, or a folder without transcripts.
    """
    if corpus.suffix == ".jsonl":
        return _pieces_of_lines(corpus, most_bytes)
    if not corpus.is_dir():
        raise CorpusError(
            f"找不到实录文件夹 {corpus.name}。请检查路径。",
            code="corpus_missing",
            detail=f"not a folder: {corpus}",
        )
    names = sorted(c.name for c in corpus.iterdir() if c.is_dir() and not c.name.startswith("."))
    if not names:
        raise CorpusError(
            f"文件夹 {corpus.name} 里没有实录。请先添加一份实录。",
            code="corpus_empty",
            detail=f"no transcript in {corpus}",
        )
    parts = [Piece(corpus, tuple(names[at : at + _FOLDERS])) for at in range(0, len(names), _FOLDERS)]
    return parts, _state(path for name in names for path in sorted((corpus / name).iterdir()))


def _pieces_of_lines(corpus: Path, most_bytes: int) -> tuple[list[Piece], str]:
    try:
        size = corpus.stat().st_size
        parts = list(_parts_of_lines(corpus, size, most_bytes))
    except OSError as error:
        raise CorpusError(
            f"打不开文件 {corpus.name}。请检查路径和读取权限。",
            code="corpus_missing",
            detail=f"{corpus}: {error.strerror}",
        ) from error
    return parts, _state([corpus])


def _parts_of_lines(corpus: Path, size: int, most: int) -> Iterator[Piece]:
    with corpus.open("rb") as file:
        start, line = 0, 1
        while start < size:
            held = file.read(most)
            held += file.readline()
            yield Piece(corpus, start=start, end=start + len(held), line=line)
            start += len(held)
            line += held.count(b"\n")


def _state(paths: Iterator[Path] | Sequence[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        held = os.stat(path)
        total.update(repr((str(path.resolve()), held.st_size, held.st_mtime_ns)).encode())
    return total.hexdigest()
