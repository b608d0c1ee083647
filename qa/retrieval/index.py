"""An index over transcripts: passages to find, and the documents they are part of.

A passage is found by its own words and also by words around it that are never quoted: the question
it replies to, its heading, its speaker and office, the title and first line of its document. A share
of the whole document's score is added, so that a passage of the right document wins among equals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from sys import intern

import numpy as np
from numpy.typing import NDArray

from qa.language.script import ScriptConverter
from qa.language.segment import Segmenter
from qa.model import Hit, Passage, Span, Transcript
from qa.retrieval.passages import passages
from qa.retrieval.protocol import EVERYTHING, Filter, transcript_facts
from qa.retrieval.ranker import Bm25Ranker, Ranker, best
from qa.retrieval.statements import HeldStatements
from qa.retrieval.terms import BIGRAM
from qa.retrieval.tokens import Segmented, Terms
from qa.text import sentences

__all__ = ["DOCUMENT_SHARE", "Index", "build_index", "document_text", "passage_terms", "passage_texts"]

DOCUMENT_SHARE = 0.6
"""How much of the document's score is added to each of its passages."""
_FIRST_LINE = 60


@dataclass(frozen=True)
class Index:
    """Passages with a ranker, and the documents they come from with another.

    ``document_of`` gives the document number of each passage.
    """

    transcripts: tuple[Transcript, ...]
    passages: tuple[Passage, ...]
    document_of: tuple[int, ...]
    passage_ranker: Bm25Ranker
    document_ranker: Bm25Ranker
    document_share: float = DOCUMENT_SHARE

    def top(self, query: Mapping[str, float], k: int, only: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        own = self.passage_ranker.scores(query)
        if not len(own):
            return ()
        whole = self.document_ranker.scores(query)
        total = own + self.document_share * whole[self._owners]
        total[own <= 0] = 0.0
        if only:
            total[~self._taken(only)] = 0.0
        return tuple(
            Hit(self.passages[at], score, float(whole[self.document_of[at]])) for at, score in best(total, k)
        )

    def _taken(self, only: Filter) -> NDArray[np.bool_]:
        if only.office:
            return np.array([only.takes(passage) for passage in self.passages], dtype=np.bool_)
        whole = [
            only.takes_date(t.date.value) and only.takes_place(t.title, t.publisher) for t in self.transcripts
        ]
        return np.array(whole, dtype=np.bool_)[self._owners]

    @cached_property
    def _owners(self) -> NDArray[np.intp]:
        """:attr:`document_of` as an array."""
        return np.array(self.document_of, dtype=np.intp)

    def words(self) -> Iterator[str]:
        """The words the passages are made of."""
        return (term for term in self.passage_ranker.terms() if not term.startswith(BIGRAM))

    def has_pair(self, pair: str) -> bool:
        """Whether two ideographs stand side by side in some passage or its context."""
        return self.passage_ranker.knows(BIGRAM + pair)

    @property
    def ranker(self) -> Ranker:
        """The passages' ranker."""
        return self.passage_ranker

    def idf(self, term: str) -> float:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return self.passage_ranker.idf(term)

    @cached_property
    def by_id(self) -> Mapping[str, Transcript]:
        """The transcripts by id."""
        return {transcript.id: transcript for transcript in self.transcripts}

    @cached_property
    def statements(self) -> HeldStatements:
        """Who is stated to hold which office."""
        return HeldStatements(self.transcripts)

    @property
    def newest_year(self) -> int | None:
        """The year of the newest briefing whose date is known."""
        return max((t.date.year for t in self.transcripts if t.date.year), default=None)

    def names(self) -> Iterator[str]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return (stated.speaker.name for held in self.transcripts for stated in held.attributions)

    def passages_of(self, id: str) -> Sequence[Passage]:
        """The passages of one transcript, in reading order."""
        return self._passages_by_id.get(id, ())

    @cached_property
    def _passages_by_id(self) -> Mapping[str, Sequence[Passage]]:
        found: dict[str, list[Passage]] = {}
        for passage in self.passages:
            found.setdefault(passage.transcript.id, []).append(passage)
        return found

    def facts(self) -> Iterator[bytes]:
        """See :class:`~qa.retrieval.protocol.PassageIndex`."""
        return map(transcript_facts, self.transcripts)


def _first_line(transcript: Transcript) -> str:
    head = Span(0, min(len(transcript.text), _FIRST_LINE))
    first = next(sentences(transcript.text, head), head)
    return first.of(transcript.text)


def _context(passage: Passage) -> Iterator[str]:
    transcript, turn = passage.transcript, passage.turn
    if turn.section is not None:
        yield transcript.sections[turn.section].title
    question = transcript.question_of(turn)
    if question is not None:
        yield question.span.of(transcript.text)
    introduction = transcript.introduction_of(turn)
    if introduction is not None:
        yield introduction.span.of(transcript.text)
    if turn.speaker is not None:
        yield f"{turn.speaker.office or ''}{turn.speaker.name}"
    yield transcript.title
    if passage.span.start > 0:
        yield _first_line(transcript)


def passage_terms(passage: Passage, script: ScriptConverter, segmenter: Segmenter) -> list[str]:
    """The terms a passage is found by, its context's included."""
    return list(chain.from_iterable(Segmented(segmenter).of(passage_texts(passage, script.fold))))


def passage_texts(passage: Passage, fold: Callable[[str], str]) -> list[str]:
    """What a passage is found by: its own words first, then its context's."""
    return [fold(passage.text), *(fold(text) for text in _context(passage))]


def document_text(transcript: Transcript) -> str:
    """What a document as a whole is found by."""
    return f"{transcript.title} {transcript.text}"


def _document_terms(
    transcript: Transcript, cut: Sequence[Passage], script: ScriptConverter, source: Terms
) -> tuple[list[list[str]], list[str]]:
    """The terms of each of a document's passages, and those of the whole document."""
    fold = cache(script.fold)  # a title stands in the context of every passage
    texts = [passage_texts(passage, fold) for passage in cut]
    *own, whole = source.of([*chain.from_iterable(texts), fold(document_text(transcript))])
    found = iter(own)
    # One string for a term however often it occurs: a large corpus fits into a third of the memory.
    units = [[intern(term) for _ in held for term in next(found)] for held in texts]
    return units, list(map(intern, whole))


def build_index(
    transcripts: Iterable[Transcript],
    script: ScriptConverter,
    segmenter: Segmenter,
    limit: int = 300,
    source: Terms | None = None,
) -> Index:
    """Segments and indexes ``transcripts``; passages have at most ``limit`` code points.

    Args:
        source: where terms are taken from instead of segmenting, such as a cache.
    """
    source = source or Segmented(segmenter)
    held: list[Transcript] = []
    units: list[Passage] = []
    owners: list[int] = []
    unit_terms: list[list[str]] = []
    documents: list[list[str]] = []
    for number, transcript in enumerate(transcripts):
        held.append(transcript)
        cut = tuple(passages(transcript, limit))
        units += cut
        owners += [number] * len(cut)
        own, whole = _document_terms(transcript, cut, script, source)
        unit_terms += own
        documents.append(whole)
    return Index(
        tuple(held),
        tuple(units),
        tuple(owners),
        Bm25Ranker(unit_terms),
        Bm25Ranker(documents),
    )
