"""Questions that are declined whatever the briefings say: abuse, instructions, private persons."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from qa.language.lexicon import Lexicon
from qa.model import Span

__all__ = ["RUDE", "declined_as", "insults"]

RUDE = "abuse"
"""The refusal that does not stop an answer: whoever is rude and asks something real is answered."""


_SOMEBODY = "局长"
"""What stands for an official's name in the patterns."""
_NAME_LENGTHS = (4, 3, 2)


def declined_as(texts: Iterable[str], lexicon: Lexicon, names: Collection[str] = ()) -> str | None:
    """Why a question is declined (a key of ``refusals.yaml``), or None when it is not.

    ``texts`` are the question's folded readings: as typed and as repaired, since what repairs mend in a
    question they may hide in an insult. ``names`` are those of officials: what is not to be asked of 局长 is
    not to be asked of one by name either.
    """
    said = tuple(texts)
    read = dict.fromkeys((*said, *(_titled(text, names) for text in said)))
    for kind, patterns in lexicon.refusals.items():
        if any(pattern.search(text) for pattern in patterns for text in read):
            return kind
    return None


def insults(text: str, lexicon: Lexicon) -> tuple[Span, ...]:
    """Where folded ``text`` is rude."""
    patterns = lexicon.refusals.get(RUDE, ())
    return tuple(Span(*match.span()) for pattern in patterns for match in pattern.finditer(text) if match[0])


def _titled(text: str, names: Collection[str]) -> str:
    """``text`` with a title in the place of every name in it."""
    for length in _NAME_LENGTHS:
        for at in range(len(text) - length + 1):
            if text[at : at + length] in names:
                text = text.replace(text[at : at + length], _SOMEBODY)
    return text
