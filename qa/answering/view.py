"""What reading needs of a passage, worked out once: folded text, clauses, phrases, what stands around."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from qa.language.script import ScriptConverter
from qa.model import Attribution, Passage, Span, Transcript
from qa.text import clauses, phrases

__all__ = ["ClauseView", "PassageView", "Views"]

_KEPT = 4096
_FIRST_WORDS = 60
_HEADING: Final = re.compile(
    r"(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[一二三四五六七八九十\d]{1,3}[条章节项、])[^:：]{0,40}"
    r"|.{1,40}[:：]"
    r"|.{1,30}[^。！；!;?？…”’」』)）】》,，、]"
)
"""What heads the words after it: a numbered title, words ending with a colon, a short line without a stop."""
_HEADED: Final = 1500
"""How far before a passage its heading is looked for, in code points."""


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause: its folded words, its span in the passage's text, and its phrases' spans in ``words``."""

    words: str
    span: Span
    phrases: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage, folded. ``around`` are words it is found by but that are not its own.

    ``head`` is its document's title and first words; ``attributed`` are the statements of office inside the
    passage, relative to its text. ``headed_by`` gives the number of each clause's heading among the clauses,
    or -1 where it is ``heading``, the last one before the passage.
    """

    text: str
    around: str
    head: str
    clauses: tuple[ClauseView, ...]
    headed_by: tuple[int, ...]
    heading: str
    attributed: tuple[Attribution, ...]


class Views:
    """Makes views and keeps those made last: reading the same briefings again costs nothing."""

    def __init__(self, script: ScriptConverter) -> None:
        self._script = script
        self._passages: OrderedDict[tuple[str, Span], PassageView] = OrderedDict()
        self._documents: OrderedDict[str, str] = OrderedDict()

    def passage(self, passage: Passage) -> PassageView:
        """The view of a passage."""
        key = (passage.transcript.id, passage.span)
        found = self._passages.get(key)
        if found is None:
            found = self._view(passage)
            self._passages[key] = found
            if len(self._passages) > _KEPT:
                self._passages.popitem(last=False)
        return found

    def document(self, transcript: Transcript) -> str:
        """The folded text of a transcript."""
        found = self._documents.get(transcript.id)
        if found is None:
            found = self._script.fold(f"{transcript.title}\n{transcript.text}")
            self._documents[transcript.id] = found
            if len(self._documents) > _KEPT // 8:
                self._documents.popitem(last=False)
        return found

    def _view(self, passage: Passage) -> PassageView:
        text = self._script.fold(passage.text)
        inside = [a for a in passage.transcript.attributions if passage.span.contains(a.span)]
        views = tuple(_clause(text, span) for span in clauses(text))
        return PassageView(
            text=text,
            around=self._script.fold(_around(passage)),
            head=self._script.fold(f"{passage.transcript.title}\n{passage.transcript.text[:_FIRST_WORDS]}"),
            clauses=views,
            headed_by=_headed_by(views),
            heading=self._script.fold(_heading_before(passage)),
            attributed=tuple(Attribution(a.speaker, a.span.shift(-passage.span.start)) for a in inside),
        )


def _clause(text: str, span: Span) -> ClauseView:
    words = span.of(text)
    return ClauseView(words, span, tuple(phrases(words)))


def _headed_by(views: tuple[ClauseView, ...]) -> tuple[int, ...]:
    heads = (at if _HEADING.fullmatch(clause.words) else -1 for at, clause in enumerate(views))
    return tuple(accumulate(heads, max, initial=-1))[:-1]


def _heading_before(passage: Passage) -> str:
    """The last heading of a passage's turn that stands before it."""
    text, start = passage.transcript.text, passage.span.start
    before = Span(max(passage.turn.span.start, start - _HEADED), start)
    lines = [line for span in clauses(text, before) if _HEADING.fullmatch(line := span.of(text))]
    return lines[-1] if lines else ""


def _around(passage: Passage) -> str:
    transcript, turn = passage.transcript, passage.turn
    parts = [transcript.title, transcript.section_title(turn) or ""]
    if turn.speaker is not None:
        parts.append(f"{turn.speaker.office or ''}{turn.speaker.name}")
    introduction = transcript.introduction_of(turn)
    if introduction is not None:
        parts.append(introduction.span.of(transcript.text))
    question = transcript.question_of(turn)
    if question is not None:
        parts.append(question.span.of(transcript.text))
    if passage.span.start > 0:
        parts.append(transcript.text[:_FIRST_WORDS])
    return "\n".join(parts)
