"""Questions that are declined whatever the briefings say: abuse, instructions, private persons."""

from __future__ import annotations

from qa.language.lexicon import Lexicon

__all__ = ["declined_as"]


def declined_as(text: str, lexicon: Lexicon) -> str | None:
    """Why folded, repaired ``text`` is declined (a key of ``refusals.yaml``), or None when it is not."""
    for kind, patterns in lexicon.refusals.items():
        if any(pattern.search(text) for pattern in patterns):
            return kind
    return None
