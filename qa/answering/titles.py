"""Titles of office: which a question asks for, and whether an office bears one."""

from __future__ import annotations

import re

from qa.language.lexicon import Titles

__all__ = ["asked_titles", "bears"]


def asked_titles(question: str, known: Titles) -> tuple[str, ...]:
    """The titles a folded question names, in the lexicon's order."""
    return tuple(title for title in known.titles if title in question)


def bears(office: str, title: str, question: str) -> bool:
    """Whether an office bears a title; a deputy does only where the question asks for a deputy."""
    wanted = rf"副{title}" if f"副{title}" in question else rf"(?<!副){title}"
    return re.search(wanted, office) is not None
