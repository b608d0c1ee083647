"""Making an index of a corpus: reading, segmenting, keeping. Composition only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.answering.fitted import load_fitted
from qa.engine import corpus_digest, lexicon_folder, load_transcripts, segmenter_of
from qa.language.lexicon import load_lexicon
from qa.language.script import ScriptConverter
from qa.model import Transcript
from qa.questions import load_questions
from qa.retrieval.index import build_index
from qa.retrieval.store import Origin, check_writable, save_index

__all__ = ["Indexed", "Watch", "index_corpus"]

Watch = Callable[[Sequence[Transcript]], Iterable[Transcript]]
"""Passes the transcripts on one by one, and may show how far it is."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index was made of."""

    transcripts: int
    passages: int


def index_corpus(corpus: Path, out: Path, passage_chars: int, watch: Watch = iter) -> Indexed:
    """Indexes ``corpus`` (a folder, or a ``.jsonl`` of documents) into the folder ``out``.

    An index already there is replaced, all at once and only when the new one is complete.

    Args:
        passage_chars: the length of a passage, in code points.

    Raises:
        CorpusError: if the corpus cannot be read.
        IndexFormatError: if ``out`` holds something else than an index, or cannot be written.
    """
    check_writable(out)
    folder = lexicon_folder(corpus)
    lexicon = load_lexicon(folder)
    transcripts = load_transcripts(corpus)
    index = build_index(
        watch(transcripts), ScriptConverter(), segmenter_of(lexicon, transcripts), passage_chars
    )
    faq = corpus / "faq"
    digest = corpus_digest(transcripts, lexicon, load_fitted(), load_questions(faq))
    save_index(index, out, Origin(folder, faq, digest, passage_chars))
    return Indexed(len(index.transcripts), len(index.passages))
