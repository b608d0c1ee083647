"""Making an index of a corpus: reading, segmenting, keeping. Composition only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.answering.fitted import load_fitted
from qa.engine import corpus_digest, lexicon_folder, load_transcripts, segmenter_of
from qa.language.lexicon import Lexicon, load_lexicon
from qa.language.script import ScriptConverter
from qa.model import Transcript
from qa.questions import load_questions
from qa.retrieval.index import build_index
from qa.retrieval.store import Origin, check_writable, save_index
from qa.retrieval.tokens import TokenCache

__all__ = ["Indexed", "Loaded", "Watch", "index_corpus", "index_loaded", "read_corpus"]

Watch = Callable[[Sequence[Transcript]], Iterable[Transcript]]
"""Passes the transcripts on one by one, and may show how far it is."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index was made of, in all and in segmenting: what was kept from before takes no time.

    ``segmented`` counts code points, ``seconds`` are those of segmenting.
    """

    transcripts: int
    passages: int
    segmented: int
    seconds: float


@dataclass(frozen=True)
class Loaded:
    """A corpus as it was read. ``lexicon_folder`` need not be its own; ``digest`` is the version's."""

    corpus: Path
    lexicon_folder: Path
    lexicon: Lexicon
    transcripts: tuple[Transcript, ...]
    digest: str


def read_corpus(corpus: Path) -> Loaded:
    """Everything of ``corpus`` (a folder, or a ``.jsonl`` of documents) that decides answers.

    Raises:
        CorpusError: if it cannot be read.
    """
    folder = lexicon_folder(corpus)
    lexicon = load_lexicon(folder)
    transcripts = load_transcripts(corpus)
    digest = corpus_digest(transcripts, lexicon, load_fitted(), load_questions(corpus / "faq"))
    return Loaded(corpus, folder, lexicon, transcripts, digest)


def index_corpus(corpus: Path, out: Path, passage_chars: int, tokens: Path, watch: Watch = iter) -> Indexed:
    """Reads ``corpus`` and indexes it into the folder ``out``; see :func:`index_loaded`."""
    check_writable(out)
    return index_loaded(read_corpus(corpus), out, passage_chars, tokens, watch)


def index_loaded(loaded: Loaded, out: Path, passage_chars: int, tokens: Path, watch: Watch = iter) -> Indexed:
    """Indexes a corpus into the folder ``out``.

    An index already there is replaced, all at once and only when the new one is complete.

    Args:
        passage_chars: the length of a passage, in code points.
        tokens: the cache of segmented text. Interrupted work goes on from it.

    Raises:
        IndexFormatError: if ``out`` holds something else than an index, or cannot be written.
    """
    check_writable(out)
    segmenter = segmenter_of(loaded.lexicon, loaded.transcripts)
    with TokenCache(segmenter, tokens).opened() as source:
        index = build_index(watch(loaded.transcripts), ScriptConverter(), segmenter, passage_chars, source)
    faq = loaded.corpus / "faq"
    save_index(index, out, Origin(loaded.lexicon_folder, faq, loaded.digest, passage_chars))
    return Indexed(len(index.transcripts), len(index.passages), source.characters, source.seconds)
