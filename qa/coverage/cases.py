"""An FAQ case: a question with what is expected of its answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from qa.text import fold, squash

__all__ = ["CaseSet", "FaqCase", "case_id", "same_words"]


@dataclass(frozen=True, slots=True)
class FaqCase:
    """A question as residents ask it, and what its answer must hold.

    ``variants`` are other ways to ask it. Every string of ``all_of`` and one of ``any_of`` must stand in
    the words quoted, as the transcript has them. ``transcript`` (an id or a title, or part of one) and
    ``speaker`` (a name or an office, or part of one) say whose words these must be. ``refuse`` is a
    question that must not be answered. ``owner`` is the office in charge.
    """

    id: str
    question: str
    variants: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    transcript: str | None = None
    speaker: str | None = None
    refuse: bool = False
    topic: str | None = None
    owner: str | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """Every way the question is asked, the question itself first."""
        return (self.question, *self.variants)


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases in order. ``digest`` is the sha256 of all they say: other cases, another digest."""

    cases: tuple[FaqCase, ...]
    digest: str

    @classmethod
    def of(cls, cases: Iterable[FaqCase]) -> CaseSet:
        """The set of ``cases``."""
        held = tuple(cases)
        written = json.dumps([asdict(case) for case in held], ensure_ascii=False, sort_keys=True)
        return cls(held, f"sha256:{hashlib.sha256(written.encode()).hexdigest()}")


def same_words(text: str) -> str:
    """``text`` as expectations are compared: folded, without white space, so that line breaks, full-width
    forms and capitals make no difference."""
    return squash(fold(text))


def case_id(question: str) -> str:
    """The id of a case that has none of its own: the same for the same question, wherever it stands."""
    return "q-" + hashlib.sha256(same_words(question).encode()).hexdigest()[:10]
