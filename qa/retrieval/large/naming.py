"""Documents that name people who were not known by name when they were segmented.

A name changes the words of those texts only in which it occurs (see :class:`qa.language.segment.Segmenter`),
and a text in which it occurs has its pairs of characters. So they are found by the index itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.large.building import Indexer, inverted_again, vocabulary_of
from qa.retrieval.large.merging import Again
from qa.retrieval.large.postings import OpenLists
from qa.retrieval.large.segments import OpenSegment
from qa.retrieval.terms import bigrams

__all__ = ["digest_of", "segmented_anew"]

Array = NDArray[Any]


def digest_of(names: Iterable[str]) -> str:
    """The digest of people's names."""
    return hashlib.sha256(json.dumps(sorted(names)).encode()).hexdigest()


def segmented_anew(
    segments: Sequence[OpenSegment], names: Sequence[str], lexicon: Path, passage_chars: int
) -> dict[int, Again]:
    """Of each segment that was segmented with fewer ``names``, the documents that differ with all of them."""
    found = {}
    indexer: Indexer | None = None
    for number, segment in enumerate(segments):
        new = set(names) - _known(segments, number, names)
        documents = _naming(segment, new)
        if not len(documents):
            continue
        indexer = indexer or Indexer(vocabulary_of(lexicon, names), passage_chars)
        held = segment.documents
        indexer.prove(held.transcript(int(documents[0])))
        units = [unit for document in documents.tolist() for unit in held.passages_of(document)]
        made = inverted_again(indexer, map(held.transcript, documents.tolist()))
        found[number] = Again(documents, np.asarray(units, np.int64), made)
    return found


def _known(segments: Sequence[OpenSegment], number: int, names: Sequence[str]) -> set[str]:
    """The names a segment was segmented with: those of the segments up to it, or of more made with it."""
    told = segments[number].files.names
    if told == digest_of(names):
        return set(names)
    known: set[str] = set()
    for at, segment in enumerate(segments):
        known |= set(segment.documents.names())
        if at >= number and digest_of(known) == told:
            return known
    return set()


def _naming(segment: OpenSegment, names: Iterable[str]) -> Array:
    """The documents in whose texts, or whose passages' contexts, one of ``names`` may stand."""
    found = np.zeros(len(segment.documents), np.bool_)
    for name in names:
        pairs = list(bigrams(name))
        if len(name) < 2:
            continue
        if len(pairs) < len(name) - 1:  # others than ideographs: rare, looked for everywhere
            found[:] = True
            break
        for kind, owners in _kinds(segment):
            holding = np.ones(len(kind.lengths), np.bool_)
            for units in _units(segment, kind, pairs):
                here = np.zeros(len(holding), np.bool_)
                here[units] = True
                holding &= here
            found[owners[holding]] = True
    return np.flatnonzero(found)


def _kinds(segment: OpenSegment) -> Iterator[tuple[OpenLists, Array]]:
    ranking = segment.ranking
    yield ranking.passages, ranking.document_of
    yield ranking.documents, np.arange(len(segment.documents))


def _units(segment: OpenSegment, lists: OpenLists, terms: Sequence[str]) -> Iterator[Array]:
    numbers = segment.ranking.terms.find(terms)
    begin, end, _ = lists.ranges(numbers, lists.average)
    for first, last in zip(begin.tolist(), end.tolist(), strict=True):
        yield lists.postings.array[first:last] >> 8
