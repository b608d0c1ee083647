"""Titles of office: which a question asks for, and whether an office bears one."""

from __future__ import annotations

import re

__all__ = ["ROLES", "TITLES", "asked_titles", "bears"]

TITLES = (
    "局长",
    "主任",
    "部长",
    "书记",
    "区长",
    "县长",
    "市长",
    "镇长",
    "院长",
    "校长",
    "处长",
    "科长",
    "会长",
    "主席",
    "常委",
    "记者",
    "主持人",
)
ROLES = ("一把手", "当家的", "当家人", "负责人", "领导", "头头", "带头人", "掌舵人")
"""What whoever heads an office is called without a title."""


def asked_titles(question: str) -> tuple[str, ...]:
    """The titles a folded question names, in the order of ``TITLES``."""
    return tuple(title for title in TITLES if title in question)


def bears(office: str, title: str, question: str) -> bool:
    """Whether an office bears a title; a deputy does only where the question asks for a deputy."""
    wanted = rf"副{title}" if f"副{title}" in question else rf"(?<!副){title}"
    return re.search(wanted, office) is not None
