"""Traditional characters as simplified ones, one code point for each, so that offsets hold."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC

from qa.text import fold

__all__ = ["plainly", "simplified"]

_BLOCK = range(0x3400, 0xA000)  # CJK ideographs, extension A and the first block


def simplified(text: str) -> str:
    """``text`` with each traditional character as its simplified one; the length stays.

    Only for finding words: what is shown is sliced from ``text`` itself.
    """
    return text.translate(_table())


def plainly(text: str) -> str:
    """``text`` simplified and folded (:func:`qa.text.fold`): half-width signs, small letters."""
    return fold(simplified(text))


@cache
def _table() -> dict[int, str]:
    characters = [chr(code) for code in _BLOCK]
    simple: list[str] = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, simple, strict=True)
    return {ord(one): other for one, other in pairs if one != other and len(other) == 1}
