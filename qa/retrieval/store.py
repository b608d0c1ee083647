"""An index on disk: everything that answering from a corpus needs, so that nothing is segmented again.

::

    DIR/manifest.json            what made it, from what, and the sha256 and size of every file below
    DIR/1/transcripts.jsonl      a transcript a line, its turns and its way back to the source included
    DIR/1/passages.jsonl         a passage a line: [document, turn, start, end]
    DIR/1/passages/, documents/  the two rankers: terms and postings
    DIR/1/lexicon/, faq/         the lexicon it was segmented with and the question sets: the folder is
                                 enough by itself

The manifest is written last and switched with one rename, so a reader finds the old index or the new
one and never a mixture. An index is derived and disposable: one that does not fit is refused with
the command that builds it again, never mended.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from qa.about import program_version
from qa.errors import IndexFormatError
from qa.language.lexicon import Lexicon, load_lexicon
from qa.model import Passage, Span, Transcript
from qa.retrieval.index import Index
from qa.retrieval.protocol import PassageIndex
from qa.retrieval.ranker import K1, B, Bm25Ranker, Postings

__all__ = [
    "Origin",
    "Stored",
    "check_writable",
    "free_part",
    "index_faq",
    "load_index",
    "programs",
    "ranking_told",
    "refused",
    "save_index",
]

_FORMAT: Final = 2
"""Goes up whenever older files no longer mean the same: their layout, the terms of a text, the weights."""
_KIND: Final = "minsheng-index"
"""Stands in the manifest of every index, of whichever engine."""
_MANIFEST: Final = "manifest.json"
_LEXICON: Final = "lexicon"
_FAQ: Final = "faq"
_ARRAYS: Final[Mapping[str, str]] = {"idf": "<f8", "starts": "<i8", "units": "<i4", "weights": "<f8"}
_TRANSCRIPT: Final = TypeAdapter(Transcript)
_PASSAGES: Final = TypeAdapter(list[tuple[int, int, int, int]])
_TERMS: Final = TypeAdapter(tuple[str, ...])


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    bytes: int


class _Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["minsheng-index"]
    format: int
    made_by: str
    segmented_with: dict[str, str]
    ranking: dict[str, float]
    corpus: str
    lexicon: str
    passage_chars: int
    transcripts: int
    passages: int
    part: str
    sections: dict[str, _Section]

    def rendered(self) -> bytes:
        """The file's bytes: readable, the same for the same index, and holding their own digest."""
        body = self.model_dump()
        digest = hashlib.sha256(_json(body)).hexdigest()
        return _json({**body, "sha256": digest})


@dataclass(frozen=True)
class Origin:
    """What an index was made of, for :func:`save_index`.

    ``lexicon`` is the folder of the lexicon it was segmented with and ``faq`` that of the question sets,
    which need not be there; both are copied. ``corpus`` is the digest of the version indexed,
    ``passage_chars`` the length of its passages in code points.
    """

    lexicon: Path
    faq: Path
    corpus: str
    passage_chars: int


_Kept = TypeVar("_Kept", bound=PassageIndex, covariant=True)


@dataclass(frozen=True)
class Stored(Generic[_Kept]):
    """An index as it was kept, with the lexicon it was segmented with.

    ``faq`` is where its copy of the question sets is; ``passage_chars`` the length of its passages;
    ``corpus`` the digest of the version it was made from.
    """

    index: _Kept
    lexicon: Lexicon
    faq: Path
    passage_chars: int
    corpus: str


def save_index(index: Index, folder: Path, origin: Origin) -> None:
    """Writes ``index`` to ``folder``; an index already there is replaced, all at once.

    Raises:
        IndexFormatError: if the folder holds something else, or cannot be written.
    """
    check_writable(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as held:
            part = free_part(folder)
            _write(index, Path(held) / folder.name, part, origin)
            _publish(Path(held) / folder.name, folder, part)
    except OSError as error:
        raise IndexFormatError(
            f"索引“{folder.name}”写不进去。请检查文件夹的写入权限和磁盘空间。",
            code="index_unwritable",
            detail=f"{folder}: {error}",
        ) from error


def check_writable(folder: Path) -> None:
    """Passes for a folder that is not there, is empty, or is an index, of whatever format or state.

    Raises:
        IndexFormatError: for anything else: it is not ours to overwrite.
    """
    try:
        ours = not folder.exists() or not any(folder.iterdir()) or _KIND in _manifest_text(folder)
    except OSError:
        ours = False
    if not ours:
        raise IndexFormatError(
            f"“{folder.name}”里已经有别的东西，不是索引，不会覆盖。请换一个文件夹。",
            code="index_not_ours",
            detail=f"not an index, not overwritten: {folder}",
        )


def load_index(folder: Path) -> Stored[Index]:
    """The index kept in ``folder``, every file of it checked against the manifest.

    Raises:
        IndexFormatError: if there is none, it is of another format or was segmented by other
            programs, or a file is missing, cut short or changed.
        LexiconError: if the lexicon kept with it cannot be read.
    """
    manifest = _manifest(folder)
    part = folder / manifest.part
    files = {name: _checked(folder, part, name, section) for name, section in manifest.sections.items()}
    _check_nothing_added(folder, part, manifest)
    lexicon = load_lexicon(part / _LEXICON)
    if lexicon.digest != manifest.lexicon:
        raise refused(folder, "里的词表和建索引时的不一样", "index_damaged", "lexicon digest differs")
    try:
        index = _index(files, manifest)
    except (ValidationError, ValueError, LookupError) as error:
        raise refused(folder, "读不懂", "index_damaged", f"{type(error).__name__}: {error}") from error
    return Stored(index, lexicon, part / _FAQ, manifest.passage_chars, manifest.corpus)


def index_faq(folder: Path) -> Path:
    """Where the index kept in ``folder`` has its copy of the question sets.

    Raises:
        IndexFormatError: if there is no index, or of another format.
    """
    return folder / _manifest(folder).part / _FAQ


# -- writing --------------------------------------------------------------------------------------------


def _write(index: Index, stage: Path, part: str, origin: Origin) -> None:
    sections: dict[str, _Section] = {}
    for name, data in _contents(index, origin):
        _put(stage / part / name, data)
        sections[name] = _Section(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
    manifest = _Manifest(
        kind=_KIND,
        format=_FORMAT,
        made_by=f"minsheng-qa {program_version()}",
        segmented_with=programs(),
        ranking=ranking_told(index.document_share),
        corpus=origin.corpus,
        lexicon=load_lexicon(stage / part / _LEXICON).digest,
        passage_chars=origin.passage_chars,
        transcripts=len(index.transcripts),
        passages=len(index.passages),
        part=part,
        sections=sections,
    )
    _put(stage / _MANIFEST, manifest.rendered())


def _publish(stage: Path, folder: Path, part: str) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        stage.replace(folder)
        return
    before = [child for child in folder.iterdir() if child.is_dir() and child.name.isdecimal()]
    (stage / part).rename(folder / part)
    (stage / _MANIFEST).replace(folder / _MANIFEST)
    for old in before:
        shutil.rmtree(old)


def free_part(folder: Path) -> str:
    """A name for the part of an index that is being made, which no part beside it has."""
    number = 1
    while (folder / str(number)).exists():
        number += 1
    return str(number)


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())  # a power cut must not leave a manifest without its sections


def _contents(index: Index, origin: Origin) -> Iterator[tuple[str, bytes]]:
    yield "transcripts.jsonl", b"".join(_TRANSCRIPT.dump_json(t) + b"\n" for t in index.transcripts)
    yield "passages.jsonl", b"".join(_passage_lines(index))
    yield from _ranker_files("passages", index.passage_ranker.postings())
    yield from _ranker_files("documents", index.document_ranker.postings())
    for name, folder in ((_LEXICON, origin.lexicon), (_FAQ, origin.faq)):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file():
                yield f"{name}/{path.name}", path.read_bytes()


def _passage_lines(index: Index) -> Iterator[bytes]:
    turns = [{turn: at for at, turn in enumerate(transcript.turns)} for transcript in index.transcripts]
    for owner, passage in zip(index.document_of, index.passages, strict=True):
        row = (owner, turns[owner][passage.turn], passage.span.start, passage.span.end)
        yield json.dumps(row).encode() + b"\n"


def _ranker_files(folder: str, postings: Postings) -> Iterator[tuple[str, bytes]]:
    yield f"{folder}/terms.json", _TERMS.dump_json(postings.terms)
    for name, kind in _ARRAYS.items():
        held = io.BytesIO()
        array: NDArray[Any] = getattr(postings, name)
        np.save(held, array.astype(kind, copy=False), allow_pickle=False)
        yield f"{folder}/{name}.npy", held.getvalue()


# -- reading --------------------------------------------------------------------------------------------


def _manifest(folder: Path) -> _Manifest:
    if not (folder / _MANIFEST).is_file():
        raise refused(folder, "不存在，或不是索引", "index_missing", f"no {_MANIFEST}")
    try:
        raw = (folder / _MANIFEST).read_bytes()
        loaded = json.loads(raw)
    except (OSError, ValueError) as error:
        raise refused(folder, "已损坏", "index_damaged", f"{_MANIFEST}: {error}") from error
    found = loaded.get("format") if isinstance(loaded, dict) else None
    if isinstance(found, int) and found != _FORMAT:
        age = "旧" if found < _FORMAT else "新"
        raise refused(folder, f"是{age}版程序建的", "index_format", f"format {found}, not {_FORMAT}")
    try:
        body = {key: value for key, value in loaded.items() if key != "sha256"}
        manifest = _Manifest.model_validate(body)
    except (AttributeError, ValidationError) as error:
        raise refused(folder, "已损坏", "index_damaged", f"{_MANIFEST}: {type(error).__name__}") from error
    if manifest.rendered() != raw:
        raise refused(folder, "已损坏", "index_damaged", f"{_MANIFEST}: changed")
    _check_program(folder, manifest)
    return manifest


def _check_program(folder: Path, manifest: _Manifest) -> None:
    """Other segmenters or weights would find other passages for the same question."""
    used, here = manifest.segmented_with, programs()
    if used != here:
        raise refused(folder, "是用别的版本的分词程序建的", "index_format", f"{used}, not {here}")
    ranking = ranking_told(Index.document_share)
    if manifest.ranking != ranking:
        raise refused(
            folder, "的排序参数和现在的不一样", "index_format", f"{manifest.ranking}, not {ranking}"
        )


def _checked(folder: Path, part: Path, name: str, section: _Section) -> bytes:
    try:
        data = (part / name).read_bytes()
    except OSError as error:
        raise refused(folder, "缺少文件", "index_damaged", f"{name}: {error.strerror}") from error
    if len(data) != section.bytes or hashlib.sha256(data).hexdigest() != section.sha256:
        raise refused(folder, "已损坏", "index_damaged", f"{name}: size or sha256 differs")
    return data


def _check_nothing_added(folder: Path, part: Path, manifest: _Manifest) -> None:
    for name in (_LEXICON, _FAQ):
        for path in sorted((part / name).glob("*")):
            if f"{name}/{path.name}" not in manifest.sections:
                raise refused(
                    folder, "里多了文件", "index_damaged", f"{name}/{path.name}: not in the manifest"
                )


def _index(files: Mapping[str, bytes], manifest: _Manifest) -> Index:
    lines = files["transcripts.jsonl"].splitlines()
    transcripts = tuple(_TRANSCRIPT.validate_json(line) for line in lines)
    rows = _PASSAGES.validate_json(b"[" + b",".join(files["passages.jsonl"].splitlines()) + b"]")
    passages = tuple(_passage(transcripts[owner], turn, start, end) for owner, turn, start, end in rows)
    if (len(transcripts), len(passages)) != (manifest.transcripts, manifest.passages):
        raise ValueError("counts differ from the manifest's")
    return Index(
        transcripts,
        passages,
        tuple(owner for owner, _, _, _ in rows),
        _ranker(files, "passages", len(passages)),
        _ranker(files, "documents", len(transcripts)),
    )


def _passage(transcript: Transcript, turn: int, start: int, end: int) -> Passage:
    return Passage(transcript, transcript.turns[turn], Span(start, end))


def _ranker(files: Mapping[str, bytes], folder: str, size: int) -> Bm25Ranker:
    terms = _TERMS.validate_json(files[f"{folder}/terms.json"])
    arrays = {name: _array(files[f"{folder}/{name}.npy"]) for name in _ARRAYS}
    return Bm25Ranker.restored(Postings(size=size, terms=terms, **arrays))


def _array(data: bytes) -> NDArray[Any]:
    loaded: NDArray[Any] = np.load(io.BytesIO(data), allow_pickle=False)
    return loaded


# -- both -----------------------------------------------------------------------------------------------


def refused(folder: Path, what: str, code: str, detail: str) -> IndexFormatError:
    """An index that is not used, with the way out."""
    return IndexFormatError(
        f"索引“{folder.name}”{what}。请重新建立：minsheng index 实录文件夹 --out {shlex.quote(str(folder))}",
        code=code,
        detail=f"{folder}: {detail}",
    )


def programs() -> dict[str, str]:
    """The programs that decide what the terms of a text are, with their versions."""
    return {name: version(name) for name in ("jieba", "opencc")}


def ranking_told(document_share: float) -> dict[str, float]:
    """The parameters of the ranking, as a manifest tells them."""
    return {"k1": K1, "b": B, "document_share": document_share}


def _manifest_text(folder: Path) -> str:
    return (folder / _MANIFEST).read_text(encoding="utf-8", errors="replace")


def _json(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"
