"""What there is to quote in a version: its passages, and the sentences that could answer a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from qa.coverage.cases import FaqCase
from qa.coverage.records import Ground, PassageRecord, SentenceRecord
from qa.engine import Engine
from qa.language.lexicon import Lexicon
from qa.language.script import ScriptConverter
from qa.model import Passage, Speech, TurnKind
from qa.text import clauses, squash

__all__ = ["RULE", "TELLING", "department", "ground_of", "is_quotable"]

_WORDS: Final = 60
"""How much of a passage is kept to know it by, in code points."""
_CAPTION: Final = 10
"""The reporter's own words up to this length are captions and 某某说."""
_SHORTEST: Final = 8
"""Sentences below this are headings, captions and exclamations."""
TELLING: Final = ("phone", "rate", "money", "age", "duration", "time", "count", "ordinal")
"""The kinds of ``expectations.yaml`` whose words make a sentence one that answers something."""
_TELLS: Final = 3
"""How long a name must be to say that it is an office's (民政局, but not 民政)."""
RULE: Final = re.compile(
    r"均?可(?:以|申请|自愿|享受|办理|延长|一次性|凭|到|及时|领)|不得|必须|应当|不受.{0,8}限制|免费|及时纳入|有权"
)
"""Words of a rule: what somebody may or must do."""


def ground_of(engine: Engine, cases: Iterable[FaqCase]) -> Ground:
    """What a version has to quote, and how the offices of its speakers and of ``cases`` are called here.

    A sentence, or a part of one that ends at a semicolon, could answer a question when it is somebody's
    speech, direct or reported (in a written document: the document's), and holds a figure, a share, an
    amount, an age, a duration, a time or a place in an order, by the patterns of ``expectations.yaml``, or
    a rule (可申请, 不受…限制, 必须). Residents' questions and words that only say who speaks (石山表示，)
    are nothing to quote, nor is what is marked as expired.
    """
    script = ScriptConverter()
    spoken = {p.turn.speaker.office for p in engine.passages if p.turn.speaker is not None}
    offices = {office for office in spoken if office} | {case.owner for case in cases if case.owner}
    departments = {office: department(office, engine.lexicon) for office in sorted(offices)}
    held = [passage for passage in engine.passages if is_quotable(passage)]
    told = _telling(engine.lexicon)
    return Ground(
        {id: transcript.title for id, transcript in sorted(engine.transcripts.items())},
        tuple(_record(passage, departments) for passage in held),
        tuple(sentence for passage in held for sentence in _answerable(passage, told, script)),
        departments,
    )


def department(office: str, lexicon: Lexicon) -> str:
    """The office a title is of (大足区民政局党委书记、局长: 民政局), by the longest of its names found.

    Offices are known by the names in ``offices.yaml`` and called by the shortest that still says what it
    is; one that is not there is called as it stands.
    """
    found = [(len(name), known) for known in lexicon.offices for name in known.names if name in office]
    if not found:
        return office
    names = max(found, key=lambda pair: pair[0])[1].names
    return min((name for name in names if len(name) >= _TELLS), key=len, default=names[0])


def is_quotable(passage: Passage) -> bool:
    """Whether a passage could be quoted: not a resident's question, nor words that only say who speaks."""
    if passage.turn.kind is TurnKind.QUESTION:
        return False
    words = squash(passage.text)
    return passage.turn.speech is not Speech.NARRATION or (
        len(words) > _CAPTION and words[-1] not in ",，:："
    )


def _record(passage: Passage, departments: dict[str, str]) -> PassageRecord:
    who, span = passage.turn.speaker, passage.span
    return PassageRecord(
        passage.transcript.id,
        span.start,
        span.end,
        None if who is None else who.name,
        departments.get(who.office or "") if who is not None else None,
        squash(passage.text)[:_WORDS],
    )


def _telling(lexicon: Lexicon) -> tuple[re.Pattern[str], ...]:
    kinds = (e.evidence for e in lexicon.expectations if e.kind in TELLING)
    return (RULE, *(evidence for evidence in kinds if evidence is not None))


def _answerable(
    passage: Passage, told: Iterable[re.Pattern[str]], script: ScriptConverter
) -> Iterator[SentenceRecord]:
    if passage.turn.speech is Speech.NARRATION:
        return
    text = passage.transcript.text
    for span in clauses(text, passage.span):
        words = squash(script.fold(span.of(text)))
        telling = len(words) >= _SHORTEST and passage.transcript.holds(span)
        if telling and any(pattern.search(words) for pattern in told):
            yield SentenceRecord(passage.transcript.id, span.start, span.end, span.of(text))
