"""Questions that are declined whatever the briefings say: abuse, instructions, private persons."""

from __future__ import annotations

from collections.abc import Iterable

from qa.language.lexicon import Lexicon

__all__ = ["declined_as"]


def declined_as(texts: Iterable[str], lexicon: Lexicon) -> str | None:
    """Why a question is declined (a key of ``refusals.yaml``), or None when it is not.

    ``texts`` are the question's folded readings: as typed and as repaired, since what repairs mend in a
    question they may hide in an insult.
    """
    read = tuple(dict.fromkeys(texts))
    for kind, patterns in lexicon.refusals.items():
        if any(pattern.search(text) for pattern in patterns for text in read):
            return kind
    return None
