"""Making an index of a corpus: reading, segmenting, keeping. Composition only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from qa.answering.fitted import load_fitted
from qa.engine import (
    corpus_digest,
    each_of,
    facts_digest,
    lexicon_folder,
    segmenter_of,
    transcripts_folder,
)
from qa.errors import CorpusError, IndexFormatError
from qa.language.lexicon import Lexicon, load_lexicon
from qa.language.script import ScriptConverter
from qa.model import Transcript
from qa.questions import load_questions
from qa.retrieval.index import build_index
from qa.retrieval.opening import is_large, open_index
from qa.retrieval.passages import passages
from qa.retrieval.store import Origin, check_writable, save_index
from qa.retrieval.tokens import TokenCache
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.retrieval.large.making import Progress, Recipe

__all__ = [
    "Engines",
    "Indexed",
    "Loaded",
    "Size",
    "Watch",
    "add_to_index",
    "index_corpus",
    "index_loaded",
    "merge_index",
    "read_corpus",
]

Engines = Literal["auto", "small", "large"]
"""How the engine that an index is made for is chosen: by size, or this one."""

Watch = Callable[[Sequence[Transcript]], Iterable[Transcript]]
"""Passes the transcripts on one by one, and may show how far it is."""


@dataclass(frozen=True, slots=True)
class Size:
    """For which engine an index is made: by the number of passages, or as told.

    Args:
        large_from: from how many passages on it is made for the large engine.
        memory_mib: how much memory making a large index may take.
    """

    engine: Engines = "auto"
    large_from: int = 20_000
    memory_mib: int = 1536

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As an operator has set it."""
        return cls(settings.index_engine, settings.large_from, settings.index_memory)

    def is_large(self, transcripts: Iterable[Transcript], passage_chars: int) -> bool:
        """Whether these are for the large engine. No more of them are read than it takes to know."""
        if self.engine != "auto":
            return self.engine == "large"
        cut = (passage for transcript in transcripts for passage in passages(transcript, passage_chars))
        return any(number >= self.large_from for number, _ in enumerate(cut, start=1))


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index was made of, in all and in segmenting: what was kept from before takes no time.

    ``segmented`` counts code points, ``seconds`` are those of segmenting; both 0 of a large index.
    """

    transcripts: int
    passages: int
    segmented: int = 0
    seconds: float = 0.0
    large: bool = False


@dataclass(frozen=True)
class Loaded:
    """A corpus as it was read. ``lexicon_folder`` need not be its own; ``digest`` is the version's."""

    corpus: Path
    lexicon_folder: Path
    lexicon: Lexicon
    transcripts: tuple[Transcript, ...]
    digest: str


def read_corpus(corpus: Path, transcripts: Iterable[Transcript] | None = None) -> Loaded:
    """Everything of ``corpus`` (a folder, or a ``.jsonl`` of documents) that decides answers.

    Args:
        transcripts: those of the corpus, where they were read already.

    Raises:
        CorpusError: if it cannot be read.
    """
    folder = lexicon_folder(corpus)
    lexicon = load_lexicon(folder)
    held = tuple(each_of(corpus) if transcripts is None else transcripts)
    digest = corpus_digest(held, lexicon, load_fitted(), load_questions(corpus / "faq"))
    return Loaded(corpus, folder, lexicon, held, digest)


def index_corpus(
    corpus: Path,
    out: Path,
    passage_chars: int,
    tokens: Path,
    watch: Watch = iter,
    size: Size | None = None,
    progress: Progress | None = None,
) -> Indexed:
    """Reads ``corpus`` and indexes it into the folder ``out``; see :func:`index_loaded`.

    Args:
        size: decides for which engine; by default the number of passages does.
        progress: is told how far making a large index is, ``watch`` how far a small one.
    """
    check_writable(out)
    read: list[Transcript] = []
    if (size or Size()).is_large(_remembered(each_of(corpus), read), passage_chars):
        read.clear()
        return _index_large(corpus, out, passage_chars, size or Size(), progress)
    rest = read if read else None  # nothing was read where the setting decides
    return index_loaded(read_corpus(corpus, rest), out, passage_chars, tokens, watch, Size("small"))


def index_loaded(
    loaded: Loaded,
    out: Path,
    passage_chars: int,
    tokens: Path,
    watch: Watch = iter,
    size: Size | None = None,
) -> Indexed:
    """Indexes a corpus into the folder ``out``.

    An index already there is replaced, all at once and only when the new one is complete.

    Args:
        passage_chars: the length of a passage, in code points.
        tokens: the cache of segmented text. Interrupted work goes on from it.
        size: decides for which engine; by default the number of passages does.

    Raises:
        IndexFormatError: if ``out`` holds something else than an index, or cannot be written.
    """
    check_writable(out)
    if (size or Size()).is_large(loaded.transcripts, passage_chars):
        return _index_large(loaded.corpus, out, passage_chars, size or Size(), None)
    segmenter = segmenter_of(loaded.lexicon, loaded.transcripts)
    with TokenCache(segmenter, tokens).opened() as source:
        index = build_index(watch(loaded.transcripts), ScriptConverter(), segmenter, passage_chars, source)
    faq = loaded.corpus / "faq"
    save_index(index, out, Origin(loaded.lexicon_folder, faq, loaded.digest, passage_chars))
    return Indexed(len(index.transcripts), len(index.passages), source.characters, source.seconds)


def _remembered(transcripts: Iterable[Transcript], read: list[Transcript]) -> Iterator[Transcript]:
    for transcript in transcripts:
        read.append(transcript)
        yield transcript


# -- the large engine: imported where it is used, because numba takes a moment ----------------------------


def add_to_index(
    corpus: Path, index: Path, size: Size, progress: Progress | None = None
) -> tuple[Indexed, int]:
    """Adds the transcripts of ``corpus`` that a large index does not have; gives also how many those are.

    Raises:
        CorpusError: if the corpus cannot be read, its lexicon is another than the index's, or it has a
            transcript of which the index holds another state.
        IndexFormatError: if the index is none of the large engine, or cannot be used or written.
    """
    from qa.retrieval.large.making import add_to_large

    _check_large(index)
    stored = open_index(index)
    own = corpus / "lexicon"
    if own.is_dir() and load_lexicon(own).digest != stored.lexicon.digest:
        raise CorpusError(
            "词表和建索引时的不一样，不能添加。请重新建立索引：minsheng index 实录 --out 索引",
            code="index_lexicon_changed",
            detail=f"{own}: differs from the index's",
        )
    read = corpus if corpus.suffix == ".jsonl" else transcripts_folder(corpus)
    recipe = _recipe(stored.lexicon, index, stored.faq, stored.passage_chars, size)
    manifest, added = add_to_large(read, index, recipe, progress)
    return Indexed(manifest.transcripts, manifest.passages, large=True), added


def merge_index(index: Path, size: Size, progress: Progress | None = None) -> tuple[Indexed, int]:
    """Merges what was added to a large index; gives also how many documents were segmented anew.

    Raises:
        IndexFormatError: if the index is none of the large engine, or cannot be used or written.
    """
    from qa.retrieval.large.making import merge_large

    _check_large(index)
    stored = open_index(index)
    recipe = _recipe(stored.lexicon, index, stored.faq, stored.passage_chars, size)
    manifest, anew = merge_large(index, recipe, progress)
    return Indexed(manifest.transcripts, manifest.passages, large=True), anew


def _index_large(
    corpus: Path, out: Path, passage_chars: int, size: Size, progress: Progress | None
) -> Indexed:
    from qa.retrieval.large.making import build_large, forget

    folder, faq = lexicon_folder(corpus), corpus / "faq"
    recipe = _recipe(load_lexicon(folder), folder, faq, passage_chars, size)
    read = corpus if corpus.suffix == ".jsonl" else transcripts_folder(corpus)
    try:
        manifest = build_large(read, out, recipe, progress)
    finally:
        forget()
    return Indexed(manifest.transcripts, manifest.passages, large=True)


def _recipe(lexicon: Lexicon, folder: Path, faq: Path, passage_chars: int, size: Size) -> Recipe:
    from qa.retrieval.large.making import Recipe

    fitted, questions = load_fitted(), load_questions(faq)

    def digest(facts: Iterable[bytes]) -> str:
        return facts_digest(facts, lexicon, fitted, questions)

    return Recipe(folder, faq, passage_chars, size.memory_mib, digest)


def _check_large(index: Path) -> None:
    if not is_large(index):
        raise IndexFormatError(
            f"“{index.name}”不是大索引，不能添加或合并。请重新建立：minsheng index 实录 --out {index.name}",
            code="index_not_large",
            detail=f"{index}: no large index",
        )
