"""Who holds, or held, an office: read from the transcripts' own statements of office, by their dates.

This is the one kind of question whose answer changes with every briefing while the words stay the same,
so it is not left to ranking: the newest briefing wins, a named year takes that year, and other things the
question mentions (the year the boosters began) take the briefing that mentions them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.match import Sought
from qa.answering.titles import asked_titles, bears
from qa.answering.view import Views
from qa.language.expect import Facet
from qa.language.lexicon import Titles
from qa.language.query import Concept, Query
from qa.model import Passage, Span
from qa.retrieval.protocol import Statement, Statements

__all__ = ["Holders", "Holding"]

_MENTIONED = 0.5
"""How surely a briefing must hold a concept to mention it: parts of a word found apart do not count."""
_OTHER = 0.45
"""The importance from which a concept that no briefing mentions makes it another question."""


@dataclass(frozen=True)
class Holding:
    """A statement of office that answers: the passage it stands in and the span of its words."""

    passage: Passage
    span: Span


class Holders:
    """Finds who holds an office, over the statements of office of all transcripts."""

    def __init__(self, statements: Statements, views: Views, titles: Titles) -> None:
        self._statements = statements
        self._views = views
        self._titles = titles

    def find(self, query: Query, facet: Facet) -> Holding | None:
        """The statement that answers a question for a person's office or an office's holder, if one does."""
        chosen = self._in_time(query, self._fitting(query, facet))
        return None if chosen is None else self._holding(chosen)

    def every(self, query: Query, facet: Facet) -> tuple[Holding, ...]:
        """Every statement about the office or person asked for, whatever its time, in reading order."""
        return tuple(self._holding(stated) for stated in self._fitting(query, facet))

    def _fitting(self, query: Query, facet: Facet) -> Sequence[Statement]:
        named = facet.kind == "name" and self._asks_for_a_head(query)
        if facet.kind == "person" or named:
            return self._of_office(query)
        if facet.kind == "position":
            names = self._statements.names()
            about = [name for name in names if self._is_about(name, query.text)]
            return self._statements.of_names(about or self._by_surname(query.text))
        return ()

    def _by_surname(self, text: str) -> Sequence[str]:
        """The one person spoken of by surname (姓段的领导, 段主任), if there is just one."""
        called = {
            name
            for name in self._statements.names()
            if f"姓{name[0]}的" in text
            or any(f"{name[0]}{title}" in text and self._bore(name, title) for title in self._titles.titles)
        }
        return tuple(called) if len(called) == 1 else ()

    def _bore(self, name: str, title: str) -> bool:
        """Whether somebody is ever said to have borne a title."""
        stated = self._statements.of_names([name])
        return any(title in (self._statements.parts(one)[2].speaker.office or "") for one in stated)

    def _of_office(self, query: Query) -> Sequence[Statement]:
        offices = [c for c in query.concepts if c.kind == "office" or _points_to_office(c)]
        asked = asked_titles(query.text, self._titles)
        if not offices and self._asks_for_a_head(query):
            # 管民政的局长: the field is named and not the office.
            offices = [c for c in query.concepts if c.kind == "word" and self._is_a_field(c)]
        if not offices or any(name in query.text for name in self._statements.names()):
            return ()
        return self._statements.of_offices(
            held
            for held in self._statements.offices()
            if any(any(form.text in held for form in office.forms) for office in offices)
            and (not asked or any(bears(held, head, query.text) for head in asked))
            and _place_fits(query.concepts, held)
        )

    def _is_about(self, name: str, text: str) -> bool:
        """Whether a question names a person, and not somebody of theirs."""
        at = text.find(name)
        rest = text[at + len(name) :].removeprefix("的")
        return at >= 0 and not rest.startswith(self._titles.kin)

    def _asks_for_a_head(self, query: Query) -> bool:
        return any(head in query.text for head in (*self._titles.titles, *self._titles.roles))

    def _said_of_office(self, concept: Concept) -> bool:
        known = self._titles
        return any(word in concept.text for word in (*known.titles, *known.roles, *known.beside))

    def _is_a_field(self, concept: Concept) -> bool:
        told = self._statements.offices()
        return (
            len(concept.text) > 1
            and concept.text not in self._titles.titles
            and any(concept.text in o for o in told)
        )

    def _in_time(self, query: Query, fitting: Sequence[Statement]) -> Statement | None:
        if query.named:
            fitting = [s for s in fitting if s.date.year in query.named]
        if not fitting:
            return None
        others = [
            c
            for c in query.concepts
            if c.kind == "word" and c.importance >= _OTHER and len(c.text) > 1 and not self._said_of_office(c)
        ]
        if any(not self._mentioned(c, fitting) for c in others):
            return None
        return max(
            fitting,
            key=lambda s: (
                sum(c.importance for c in others if self._mentions(s, c)),
                s.date.sort_key,
                -s.turn_length,
                -s.span.start,
            ),
        )

    def _mentioned(self, concept: Concept, fitting: Sequence[Statement]) -> bool:
        return any(self._mentions(stated, concept) for stated in fitting)

    def _mentions(self, stated: Statement, concept: Concept) -> bool:
        transcript, _, _ = self._statements.parts(stated)
        return Sought.of(concept).weight(self._views.document(transcript)) >= _MENTIONED

    def _holding(self, stated: Statement) -> Holding:
        transcript, turn, attribution = self._statements.parts(stated)
        return Holding(Passage(transcript, turn, turn.span), attribution.span)


def _points_to_office(concept: Concept) -> bool:
    return any(form.text.endswith(("局", "委", "办")) for form in concept.forms[1:])


def _place_fits(concepts: Sequence[Concept], office: str) -> bool:
    """Whether the office is of a place the question names, when it names any."""
    places = [c for c in concepts if c.kind == "place"]
    return not places or any(any(f.text in office for f in c.forms) for c in places)
