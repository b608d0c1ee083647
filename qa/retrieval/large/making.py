"""Making a large index: building it, adding to it, merging what was added. Composition only."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from qa.errors import CorpusError
from qa.language.lexicon import load_lexicon
from qa.model import Transcript
from qa.retrieval.large.building import (
    Indexer,
    Piece,
    ReadPart,
    index_part,
    read_part_of,
    vocabulary_of,
)
from qa.retrieval.large.documents import id_key
from qa.retrieval.large.index import LargeIndex, open_segments
from qa.retrieval.large.manifest import (
    COPIES,
    Manifest,
    SegmentFiles,
    copied_files,
    made_by,
    read_manifest,
    write_manifest,
)
from qa.retrieval.large.merging import merged
from qa.retrieval.large.naming import digest_of, segmented_anew
from qa.retrieval.large.parallel import each
from qa.retrieval.large.segments import open_segment
from qa.retrieval.large.staging import begun_from, pieces_of, staged
from qa.retrieval.protocol import transcript_facts
from qa.retrieval.store import check_writable, free_part

__all__ = ["Progress", "Recipe", "add_to_large", "build_large", "forget", "merge_large"]

MOST_UNITS: Final = 1 << 24
"""How many passages, or documents, a segment can number."""
_BASE_MIB: Final = 320
"""What a process takes before it holds any text: the dictionaries, numba."""
_BYTES: Final = 320
"""What a code point takes at most while its part is indexed, its postings and their copies included."""
_LEAST_CHARACTERS: Final = 200_000
_INDEXER: Final[dict[tuple[str, str, int], Indexer]] = {}
"""The last one, by what it depends on: its dictionaries take longer to make than most parts to index."""


class Progress(Protocol):
    """Is told how far the work is."""

    def begin(self, step: str, total: float) -> None:
        """A step begins: ``read``, ``index`` or ``merge``, of ``total`` units of work."""

    def advance(self, done: float) -> None:
        """So many units more are done."""


class Unwatched:
    """For whom nobody waits."""

    def begin(self, step: str, total: float) -> None:
        """See :class:`Progress`."""

    def advance(self, done: float) -> None:
        """See :class:`Progress`."""


@dataclass(frozen=True)
class Recipe:
    """How an index is made.

    Args:
        lexicon, faq: the folders that are copied into it.
        passage_chars: the length of its passages, in code points.
        memory_mib: how much memory all processes together may take.
        digest: gives the digest of a version by the facts of its transcripts.
        processes: how many work at the same time.
        part_characters: how many code points a part has; by default as many as the memory lets it have.
    """

    lexicon: Path
    faq: Path
    passage_chars: int
    memory_mib: int
    digest: Callable[[Iterable[bytes]], str]
    processes: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    part_characters: int | None = None

    @property
    def characters(self) -> int:
        """How many code points of text one part may have."""
        if self.part_characters is not None:
            return self.part_characters
        free = self.memory_mib / self.processes - _BASE_MIB
        return max(_LEAST_CHARACTERS, int(free * 2**20 / _BYTES))


# -- the three things that can be done -------------------------------------------------------------------


def build_large(corpus: Path, index: Path, recipe: Recipe, progress: Progress | None = None) -> Manifest:
    """Builds the index of a corpus (a folder of transcripts, or a ``.jsonl``); one that is there is replaced.

    Raises:
        CorpusError: if the corpus cannot be read.
        IndexFormatError: if the index cannot be written.
    """
    watch = progress or Unwatched()
    check_writable(index)
    pieces, state = pieces_of(corpus, recipe.characters * 3)
    lexicon = load_lexicon(recipe.lexicon)
    begun = begun_from(
        what="build",
        corpus=state,
        lexicon=lexicon.digest,
        chars=recipe.passage_chars,
        parts=[piece.end or piece.names for piece in pieces],
    )
    with staged(index, begun) as stage:
        files = _made(pieces, stage, recipe, watch, (), None)
        part = stage / "part"
        shutil.rmtree(part, ignore_errors=True)
        _copy(recipe.lexicon, recipe.faq, part)
        groups = list(_groups(files))
        segments = [
            _one(index, stage, group, part / f"segment-{number}", watch)
            for number, group in enumerate(groups, start=1)
        ]
        return _published(index, part, segments, lexicon.digest, recipe)


def add_to_large(
    corpus: Path, index: Path, recipe: Recipe, progress: Progress | None = None
) -> tuple[Manifest, int]:
    """Adds the transcripts of a corpus that the index does not have yet; gives also how many those are.

    Raises:
        CorpusError: if the corpus cannot be read, or has a transcript of which the index holds another state.
        IndexFormatError: if the index cannot be used or written.
    """
    watch = progress or Unwatched()
    manifest = read_manifest(index)
    part = index / manifest.part
    used = _as_made(recipe, part, manifest)
    pieces, state = pieces_of(corpus, used.characters * 3)
    begun = begun_from(what="add", corpus=state, index=manifest.corpus, parts=len(pieces))
    with staged(index, begun) as stage:
        before = LargeIndex(open_segments(index, manifest))
        names = before.names()
        files = _made(pieces, stage, used, watch, sorted(names), index)
        if not any(held.transcripts for held in files):
            return manifest, 0
        name = f"segment-{1 + max((int(s.name.rpartition('-')[2]) for s in manifest.segments), default=0)}"
        shutil.rmtree(part / name, ignore_errors=True)  # of work that was interrupted right before its end
        added = _one(index, stage, files, part / name, watch)
        segments = (*manifest.segments, added)
        changed = _manifest(index, part, segments, manifest.lexicon, used)
        write_manifest(index, changed)
        return changed, added.transcripts


def merge_large(index: Path, recipe: Recipe, progress: Progress | None = None) -> tuple[Manifest, int]:
    """Merges the segments of an index into one, as building it anew would make it.

    Gives also how many documents were segmented anew, because they name people who were not known yet.

    Raises:
        IndexFormatError: if the index cannot be used or written.
    """
    watch = progress or Unwatched()
    manifest = read_manifest(index)
    before = index / manifest.part
    used = _as_made(recipe, before, manifest)
    with staged(index, begun_from(what="merge", index=manifest.corpus)) as stage:
        segments = open_segments(index, manifest)
        names = sorted(LargeIndex(segments).names())
        again = segmented_anew(segments, names, used.lexicon, used.passage_chars)
        part = stage / "part"
        shutil.rmtree(part, ignore_errors=True)
        _copy(before / "lexicon", before / "faq", part)
        watch.begin("merge", 1.0)
        made = []
        for number, group in enumerate(_groups([s.files for s in segments]), start=1):
            chosen = [s for s in segments if s.files in group]
            first = segments.index(chosen[0])
            inside = {at - first: held for at, held in again.items() if first <= at < first + len(chosen)}
            name = f"segment-{number}"
            made.append(merged(chosen, part / name, name, digest_of(names), inside, _shares(watch)))
        published = _published(index, part, made, manifest.lexicon, used)
        return published, sum(len(held.documents) for held in again.values())


# -- parts -----------------------------------------------------------------------------------------------


def _made(
    pieces: Sequence[Piece],
    stage: Path,
    recipe: Recipe,
    watch: Progress,
    known: Sequence[str],
    beside: Path | None,
) -> list[SegmentFiles]:
    """Reads and indexes every part, in order. ``known`` are names of people who are in the index already."""
    folders = [stage / f"part-{number:05}" for number in range(len(pieces))]
    watch.begin("read", len(pieces))
    tasks: list[tuple[Any, ...]] = [
        (piece, folder, beside) for piece, folder in zip(pieces, folders, strict=True)
    ]
    read: list[ReadPart] = each(_read, tasks, recipe.processes, lambda _: watch.advance(1))
    _check_ids(folders, pieces)
    names = sorted({*known, *(name for part in read for name in part.names)})
    told = digest_of(names)
    (stage / "names.json").write_text(json.dumps(names, ensure_ascii=False), "utf-8")
    sizes = {f"part-{number:05}": part.characters for number, part in enumerate(read)}
    watch.begin("index", sum(sizes.values()))
    lexicon = load_lexicon(recipe.lexicon).digest
    tasks = [(folder, stage, lexicon, recipe.lexicon, recipe.passage_chars, told) for folder in folders]
    return each(_index, tasks, recipe.processes, lambda made: watch.advance(sizes[made.name]))


def _read(piece: Piece, folder: Path, beside: Path | None) -> ReadPart:
    transcripts: Iterable[Transcript] = piece.transcripts()
    if beside is not None:
        transcripts = _unknown(transcripts, beside)
    return read_part_of(transcripts, folder)


def _unknown(transcripts: Iterable[Transcript], index: Path) -> Iterator[Transcript]:
    """Those that the index does not hold."""
    held = LargeIndex(open_segments(index, read_manifest(index)))
    for transcript in transcripts:
        number = held.with_id(transcript.id)
        if number is None:
            yield transcript
        elif transcript_facts(held.transcript(number)) != transcript_facts(transcript):
            raise CorpusError(
                f"实录“{transcript.id}”已在索引里，但内容改过。添加只能加新的；改过的请重新建立索引。",
                code="index_transcript_changed",
                detail=f"{transcript.id}: differs from the index",
            )


def _index(
    folder: Path, stage: Path, digest: str, lexicon: Path, passage_chars: int, told: str
) -> SegmentFiles:
    key = (digest, told, passage_chars)
    indexer = _INDEXER.get(key)
    if indexer is None:
        names = json.loads((stage / "names.json").read_text("utf-8"))
        indexer = Indexer(vocabulary_of(lexicon, names), passage_chars)
        _INDEXER.clear()
        _INDEXER[key] = indexer
    return index_part(folder, folder.name, indexer, told)


def forget() -> None:
    """Lets go of the dictionaries that are kept from one part to the next, and to the next index."""
    _INDEXER.clear()


def _check_ids(folders: Sequence[Path], pieces: Sequence[Piece]) -> None:
    """Passes if no id comes twice."""
    keys = np.concatenate([np.empty(0, np.int64), *(np.fromfile(f / "id_keys", np.int64) for f in folders)])
    keys.sort()
    twice = keys[1:][keys[1:] == keys[:-1]]
    if not len(twice):
        return
    wanted, seen = set(twice.tolist()), set[str]()
    for piece in pieces:
        for transcript in piece.transcripts():
            if id_key(transcript.id) in wanted:
                if transcript.id in seen:
                    raise CorpusError(
                        f"{piece.path.name}：id “{transcript.id}” 重复。请改用不同的 id。",
                        code="corpus_line_invalid",
                        detail=f"{piece.path.name}: duplicate id",
                    )
                seen.add(transcript.id)


def _one(
    index: Path, stage: Path, parts: Sequence[SegmentFiles], folder: Path, watch: Progress
) -> SegmentFiles:
    """The parts as one segment in ``folder``."""
    watch.begin("merge", 1.0)
    folder.parent.mkdir(parents=True, exist_ok=True)
    opened = [open_segment(index, stage / files.name, files) for files in parts]
    return merged(opened, folder, folder.name, parts[0].names if parts else digest_of(()), {}, _shares(watch))


def _shares(watch: Progress) -> Callable[[float], None]:
    """Passes on how much was done since it was last told."""
    told = 0.0

    def share(done: float) -> None:
        nonlocal told
        watch.advance(done - told)
        told = done

    return share


def _groups(files: Sequence[SegmentFiles]) -> Iterator[list[SegmentFiles]]:
    """Segments that can be one, in order."""
    held: list[SegmentFiles] = []
    for one in files:
        if held and sum(max(s.passages, s.transcripts) for s in (*held, one)) > MOST_UNITS:
            yield held
            held = []
        held.append(one)
    yield held


def _copy(lexicon: Path, faq: Path, part: Path) -> None:
    for name, folder in zip(COPIES, (lexicon, faq), strict=True):
        (part / name).mkdir(parents=True)
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file():
                shutil.copyfile(path, part / name / path.name)


def _as_made(recipe: Recipe, part: Path, manifest: Manifest) -> Recipe:
    """The recipe by which the index was made."""
    return replace(recipe, lexicon=part / "lexicon", faq=part / "faq", passage_chars=manifest.passage_chars)


def _published(
    index: Path, part: Path, segments: Sequence[SegmentFiles], lexicon: str, recipe: Recipe
) -> Manifest:
    """Puts a new part in place of what was there."""
    index.mkdir(parents=True, exist_ok=True)
    name = free_part(index)
    part.rename(index / name)
    manifest = _manifest(index, index / name, segments, lexicon, recipe)
    write_manifest(index, manifest)
    for old in index.iterdir():
        if old.is_dir() and old.name.isdecimal() and old.name != name:
            shutil.rmtree(old)
    return manifest


def _manifest(
    index: Path, part: Path, segments: Sequence[SegmentFiles], lexicon: str, recipe: Recipe
) -> Manifest:
    opened = LargeIndex([open_segment(index, part / files.name, files) for files in segments])
    return Manifest.model_validate(
        {
            **made_by(),
            "corpus": recipe.digest(opened.facts()),
            "lexicon": lexicon,
            "passage_chars": recipe.passage_chars,
            "transcripts": len(opened.transcripts),
            "passages": len(opened.passages),
            "part": part.name,
            "copies": copied_files(part),
            "segments": tuple(segments),
        }
    )
