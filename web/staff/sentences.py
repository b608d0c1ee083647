"""Sentences of transcripts, to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from qa.model import Span, Transcript
from qa.text import fold
from web.staff import corpus_wording as wording
from web.staff.access import PATH

__all__ = ["FOUND", "Sentence", "find_sentences", "reader_href", "sentences"]

FOUND: Final = 20
"""Sentences that a search shows."""
_SENTENCE: Final = re.compile(r"[^。！？；\n]+[。！？；]*[”』」）]*|[。！？；]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a transcript, as it is chosen. ``label`` says who speaks, where that changes."""

    transcript: Transcript
    span: Span
    label: str
    expired: bool

    @property
    def words(self) -> str:
        """The sentence."""
        return self.span.of(self.transcript.text)

    @property
    def place(self) -> str:
        """Where it stands, as a form sends it."""
        return f"{self.span.start}-{self.span.end}:{self.transcript.id}"

    @property
    def href(self) -> str:
        """The page to mark it on."""
        query = {"transcript": self.transcript.id, "start": self.span.start, "end": self.span.end}
        return f"{PATH}/expire?{urlencode(query)}"


def sentences(transcript: Transcript) -> Iterator[Sentence]:
    """The sentences of a transcript's turns, in order."""
    for turn in transcript.turns:
        kind = wording.KINDS[turn.kind]
        label = f"{kind} · {turn.speaker.name}" if turn.speaker else kind
        for found in _SENTENCE.finditer(transcript.text, turn.span.start, turn.span.end):
            words = found.group().strip()
            if words:
                start = found.start() + found.group().index(words)
                span = Span(start, start + len(words))
                yield Sentence(transcript, span, label, not transcript.holds(span))
                label = ""


def find_sentences(transcripts: Mapping[str, Transcript], words: str) -> Iterator[Sentence]:
    """Sentences that hold ``words``, newest transcripts first; one more than are shown at most."""
    wanted = fold(words.strip())
    if not wanted:
        return
    count = 0
    for transcript in sorted(transcripts.values(), key=lambda t: t.date.sort_key, reverse=True):
        if wanted not in fold(transcript.text):
            continue
        for sentence in sentences(transcript):
            if wanted in fold(sentence.words) and not sentence.expired:
                yield sentence
                count += 1
                if count > FOUND:
                    return


def reader_href(transcript: Transcript) -> str:
    return f"{PATH}/transcripts/{transcript.id}"
