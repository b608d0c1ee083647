"""A content word of a question with the forms in which others may say the same."""

from __future__ import annotations

from dataclasses import dataclass

from qa.language.numerals import Amount
from qa.model import Span

__all__ = ["Concept", "Form"]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say a concept, and how surely it means the same, in (0, 1]."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Concept:
    """A content word of the question.

    ``kind`` is ``word``, ``office``, ``place``, ``number`` or ``year``; ``importance`` says how much of
    the question it is, from 0 to 1, by how rare the word is in general Chinese and in the corpus.
    ``counter`` is what a number counts by (场 of 150场), empty where nothing says; ``amount`` is its value,
    with how far it reaches where it is an estimate. ``settled`` words are those by which officials call one
    thing too (公积金): whoever speaks of it says so. ``lived`` ones tell the asker's own case.
    """

    text: str
    span: Span
    kind: str
    forms: tuple[Form, ...]
    importance: float
    counter: str = ""
    amount: Amount | None = None
    settled: bool = False
    lived: bool = False

    def says(self, text: str) -> bool:
        """Whether ``text`` is one of its forms."""
        return any(form.text == text for form in self.forms)
