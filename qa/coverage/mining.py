"""Questions that were asked at the briefings themselves, offered as cases with the reply as what is expected.

Somebody asked them, and an official answered: no better questions to check the service with. What decides
that an answer holds the reply is proposed as the shortest words that do: what the question expects (a
figure with its unit, an amount, a date), else the phrase of the reply that states a rule, each in the clause
that has most of the question's words, or that the engine quotes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from qa.coverage.cases import FaqCase, same_words
from qa.coverage.ground import RULE, TELLING
from qa.engine import Engine
from qa.errors import QuestionError
from qa.language.expect import Facet
from qa.language.meaning import Meaning, likeness, meaning_of
from qa.language.query import Query
from qa.language.script import ScriptConverter
from qa.model import Span, Speaker, Speech, Transcript, Turn, TurnKind
from qa.text import clauses, phrases, sentences, squash
from qa.wire import check_question

__all__ = ["AskedThere", "Covered", "Proposal", "asked_there", "proposal"]

_SHORTEST: Final = 6
"""Questions below this are a remark, or lean on the one before."""
_TITLE: Final = re.compile(r"^.*?请问(?:一下)?[，,：:\s]*(?=.{6})", re.DOTALL)
"""What comes before the question itself."""
_LEANS: Final = re.compile("对此|就此|此[访事次举]|上述|这[一个些件种次]")
"""What says of a sentence that it speaks of what was said before it."""
_ENDS: Final = re.compile(r"[?？]\s*$")
_EDGES: Final = "，。；：！？、,.;:!?“”‘’\"'（）() "
_PHRASE: Final = 40
"""The longest phrase proposed, in code points."""
_MOST: Final = 3
"""How many figures of one clause can still be said to decide."""
_NEAR: Final = 0.6
"""The share of the best clause's weight from which a clause is looked at for figures."""
_COVERED: Final = 0.6
"""The likeness from which a case covers a question: what is wrongly said to be covered is never checked."""
_UNIT: Final = re.compile(r"[万亿千百]?[余多]?[万亿千百]?[\u4e00-\u9fff%]")
_QUOTED: Final = 1.0
"""What it is worth, beside the weight of the question's words, that the engine quotes a clause."""
_NEW: Final = 8
"""Characters that the question does not have, from which a phrase says something new."""
_ID: Final = 12


@dataclass(frozen=True, slots=True)
class AskedThere:
    """A question of a transcript. ``span`` is that of the turn it was asked in, ``replies`` reply to it."""

    transcript: Transcript
    span: Span
    question: str
    asker: Speaker | None
    replies: tuple[Turn, ...]

    @property
    def id(self) -> str:
        """The same for the same question at the same place."""
        place = f"{self.transcript.id}:{self.span.start}:{same_words(self.question)}"
        return hashlib.sha256(place.encode()).hexdigest()[:_ID]

    @property
    def reply(self) -> str:
        """The words of the reply."""
        return "\n".join(turn.span.of(self.transcript.text) for turn in self.replies)

    @property
    def speaker(self) -> Speaker | None:
        """Who replied first."""
        return next((turn.speaker for turn in self.replies if turn.speaker is not None), None)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an answer must hold: every string of ``all_of`` and one of ``any_of``, as the reply has them."""

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()


def asked_there(transcripts: Iterable[Transcript]) -> Iterator[AskedThere]:
    """Every sentence that asks in a question that was replied to, in reading order."""
    for transcript in transcripts:
        replies: dict[int, list[Turn]] = {}
        for turn in transcript.turns:
            if turn.replies_to is not None and turn.speech is not Speech.NARRATION:
                replies.setdefault(turn.replies_to, []).append(turn)
        for at, held in sorted(replies.items()):
            asked = transcript.turns[at]
            if asked.kind is TurnKind.QUESTION:
                for question in _questions(transcript, asked.span):
                    yield AskedThere(transcript, asked.span, question, asked.speaker, tuple(held))


def proposal(engine: Engine, asked: AskedThere) -> Proposal:
    """The words of the reply that decide whether an answer is the reply."""
    explanation = engine.explain(asked.question)
    cited = [c.span for c in explanation.answer.citations if c.transcript.id == asked.transcript.id]
    said = list(_clauses(asked, explanation.query, cited))
    if not said:
        return Proposal()
    evidence = {e.kind: e.evidence for e in engine.lexicon.expectations if e.kind in TELLING}
    must: list[str] = []
    either: list[str] = []
    for facet in explanation.query.facets:
        found = _figures(said, evidence.get(facet.kind), facet, explanation.query) or (
            _phrase(said, explanation.query),
        )
        (must if len(found) == 1 else either).extend(found)
    return Proposal(tuple(dict.fromkeys(must)), tuple(dict.fromkeys(either)))


class Covered:
    """Which questions the cases of the FAQ ask already."""

    def __init__(self, engine: Engine, cases: Iterable[FaqCase]) -> None:
        self._engine = engine
        self._asked = [(case, self._meaning(text)) for case in cases for text in case.asked]

    def by(self, question: str) -> FaqCase | None:
        """The case that asks the same, or None; of several the one that is most like it."""
        meaning = self._meaning(question)
        rated = [(likeness(meaning, other), case) for case, other in self._asked]
        value, case = max(rated, key=lambda pair: pair[0], default=(0.0, None))
        return case if value >= _COVERED else None

    def _meaning(self, question: str) -> Meaning:
        return meaning_of(self._engine.understand(question))


def _questions(transcript: Transcript, span: Span) -> Iterator[str]:
    every = [_TITLE.sub("", squash(part.of(transcript.text))) for part in sentences(transcript.text, span)]
    asking = [at for at, text in enumerate(every) if _ENDS.search(text)] or [len(every) - 1]
    for at in asking:
        before = every[at - 1] if at and at - 1 not in asking and _LEANS.search(every[at]) else ""
        question = f"{before}{every[at]}".strip("“”‘’\"'")
        try:
            check_question(question)
        except QuestionError:
            continue
        if len(question) >= _SHORTEST:
            yield question


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of the reply: its words as they stand and folded, character by character, and its weight."""

    words: str
    folded: str
    weight: float


def _clauses(asked: AskedThere, query: Query, cited: Sequence[Span]) -> Iterator[_Clause]:
    script, text = ScriptConverter(), asked.transcript.text
    for turn in asked.replies:
        for span in clauses(text, turn.span):
            words = squash(span.of(text))
            quoted = any(span.overlaps(other) for other in cited)
            if words.strip(_EDGES) and asked.transcript.holds(span):
                folded = script.fold(words)
                yield _Clause(words, folded, _held(query, folded) + (_QUOTED if quoted else 0.0))


def _held(query: Query, folded: str) -> float:
    """How much of the question some words hold, by the weight of its concepts."""
    return sum(c.importance for c in query.concepts if any(form.text in folded for form in c.forms))


def _figures(
    said: Sequence[_Clause], pattern: re.Pattern[str] | None, facet: Facet, query: Query
) -> tuple[str, ...]:
    """What the question expects, in the clause nearest to it that has any; none where they are too many.

    Those with the question's unit where there are such, and none that the question names itself.
    """
    if pattern is None:
        return ()
    least = _NEAR * max(clause.weight for clause in said)
    found = [(c.weight, tuple(_matches(c, pattern, query.text))) for c in said if c.weight >= least]
    _, best = max((pair for pair in found if pair[1]), key=lambda pair: pair[0], default=(0.0, ()))
    fitting = tuple(dict.fromkeys(words for words in best if facet.unit and facet.unit in words))
    every = fitting or tuple(dict.fromkeys(best))
    return every if len(every) <= _MOST else ()


def _matches(clause: _Clause, pattern: re.Pattern[str], question: str) -> Iterator[str]:
    for match in pattern.finditer(clause.folded):
        unit = _UNIT.match(clause.folded, match.end()) if match[0][-1:].isdigit() else None
        words = clause.words[match.start() : unit.end() if unit else match.end()].strip(_EDGES)
        if words and words not in question:
            yield words


def _phrase(said: Sequence[_Clause], query: Query) -> str:
    """The phrase of the best clause that tells most: about what was asked, something new, rather a rule."""
    best = max(said, key=lambda clause: clause.weight)
    parts = [(span.of(best.words).strip(_EDGES), span.of(best.folded)) for span in phrases(best.words)]
    return max((part for part in parts if part[0]), key=lambda part: _telling(part[1], query))[0][:_PHRASE]


def _telling(folded: str, query: Query) -> float:
    """How much a phrase tells, in [0, 3]: the share of the question it holds, what is new, and a rule."""
    whole = sum(concept.importance for concept in query.concepts) or 1.0
    new = sum(char not in query.text and char.isalnum() for char in folded)
    return _held(query, folded) / whole + min(1.0, new / _NEW) + bool(RULE.search(folded))
