"""Traditional characters and other regions' words, brought to the script and words used here."""

from __future__ import annotations

from opencc import OpenCC

from qa.text import fold

__all__ = ["ScriptConverter"]


class ScriptConverter:
    """Converts between scripts with OpenCC's dictionaries; holds no state but those."""

    def __init__(self) -> None:
        self._simplify = OpenCC("t2s")
        self._regional = OpenCC("tw2sp")

    def fold(self, text: str) -> str:
        """``text`` folded and in simplified characters, one code point for each: offsets hold."""
        folded = fold(text)
        simple: str = self._simplify.convert(folded)
        if len(simple) == len(folded):
            return simple
        # A phrase conversion changed the length: convert character by character instead.
        pairs = ((c, self._simplify.convert(c)) for c in folded)
        return "".join(s if len(s) == 1 else c for c, s in pairs)

    def regional(self, text: str) -> str:
        """``text`` in simplified characters and mainland words (計程車 -> 出租车); may change length."""
        converted: str = self._regional.convert(text)
        return converted

    def is_traditional(self, text: str) -> bool:
        """Whether simplification changes ``text``: only such text is taken to be of another region."""
        changed: bool = self._simplify.convert(text) != text
        return changed
