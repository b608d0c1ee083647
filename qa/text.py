"""Plain text: one-to-one folding, and where sentences, clauses and phrases end.

Everything works on offsets: folding never changes the length of a text, so a span found in folded
text is the same span of the text as it came.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from qa.model import Span

__all__ = [
    "CLAUSE_END",
    "SENTENCE_END",
    "clauses",
    "find_word",
    "fold",
    "is_han",
    "phrases",
    "sentences",
    "splits_run",
    "squash",
    "without_controls",
]

SENTENCE_END = "。！？!?"
"""Marks that end a sentence, full width and half width."""
CLAUSE_END = SENTENCE_END + "；;"
"""Marks that end a clause that can be quoted alone."""
_CLOSERS = "”’」』）)】》\"'"
_PHRASE_END = CLAUSE_END + "，,：:"

# Capitals are lowered first: str.lower covers the full-width ones too.
_FOLDED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDED |= {ord(a): ord(b) for a, b in (("　", " "), ("\xa0", " "), ("〇", "零"))}

_BLANK = " \t\xa0\u3000"
_NUMBERED = (
    f"[{_BLANK}]+(?=[(（]?[一二三四五六七八九十]{{1,3}}[)）、]|[{_BLANK}][(（]?\\d{{1,2}}[)）、.．](?!\\d))"
)
"""What parts a numbered item from the words before it where a page's lines were run together."""


def _splitter(ends: str) -> re.Pattern[str]:
    word, ending = f"[^{re.escape(ends)}{_BLANK}\n]", f"[{re.escape(ends)}]+[{re.escape(_CLOSERS)}]*"
    return re.compile(f"{word}*(?:(?!{_NUMBERED})[{_BLANK}]+{word}*)*(?:{ending}|\n|{_NUMBERED}|$)")


_SPLITTERS = {
    name: _splitter(ends)
    for name, ends in (("sentence", SENTENCE_END), ("clause", CLAUSE_END), ("phrase", _PHRASE_END))
}
_DECIMAL = re.compile(r"(?<=\d)[,:](?=\d)")
_LISTED = re.compile(r"[“「『][^“”「」『』。！？!?\n]{1,60}[；;][^“”「」『』。！？!?\n]{0,60}[”」』]")
"""A few listed words in quotation marks: “红—高风险；橙—中风险”. Speech is longer, or has whole sentences."""


def fold(text: str) -> str:
    """``text`` with full-width forms and capitals folded, one code point for each.

    NFKC is not used: it changes lengths (㎡ becomes m2), and offsets must hold.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # e.g. İ, whose lower case is two code points
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return lowered.translate(_FOLDED)


def is_han(char: str) -> bool:
    """Whether ``char`` is a CJK ideograph (unified, extension A, or a compatibility form)."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\uf900" <= char <= "\ufaff"


def find_word(text: str, word: str) -> int:
    """Where ``word`` stands in folded ``text``, or -1; in Latin letters or digits as a whole word only.

    Ideographs have no edges of their own, so 养老 is in 养老金; pap is not in newspaper, nor 110 in 1100.
    """
    at = text.find(word)
    if at < 0 or (word[:1] > "z" and word[-1:] > "z"):
        return at
    while at >= 0 and splits_run(text, at, at + len(word)):
        at = text.find(word, at + 1)
    return at


def splits_run(text: str, start: int, end: int) -> bool:
    """Whether ``start`` or ``end`` parts two Latin letters or two digits of ``text``."""
    return _parts_run(text, start) or _parts_run(text, end)


def _parts_run(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return ("a" <= before <= "z" and "a" <= after <= "z") or (before.isdecimal() and after.isdecimal())


def squash(text: str) -> str:
    """``text`` without any white space."""
    return "".join(text.split())


def without_controls(text: str) -> str:
    """``text`` without control characters and lone surrogates; tabs and line ends stay."""
    return "".join(c for c in text if c in "\t\n\r" or unicodedata.category(c) not in ("Cc", "Cs"))


def sentences(text: str, within: Span | None = None) -> Iterator[Span]:
    """The sentences of ``text`` (of the part ``within``), each with its closing marks.

    A line's end ends one, and so does a numbered item that blanks part from the words before it.
    """
    return _split("sentence", text, within)


def clauses(text: str, within: Span | None = None) -> Iterator[Span]:
    """The clauses of ``text``: runs ending at 。！？； with their closing marks.

    Lines and numbered items part them as they do sentences. A semicolon between the quotation marks of a
    few listed words ends nothing.
    """
    part = Span(0, len(text)) if within is None else within  # an empty span is false, too
    if not _LISTED.search(text, part.start, part.end):
        return _split("clause", text, part)
    masked = text[: part.start] + _LISTED.sub(_without_semicolons, text[part.start : part.end])
    return _split("clause", masked, part)


def phrases(text: str, within: Span | None = None) -> Iterator[Span]:
    """The phrases of ``text``: runs ending at any stop, a comma or a colon included.

    A comma or colon between two digits (1,000 or 8:30) ends nothing.
    """
    part = Span(0, len(text)) if within is None else within  # an empty span is false, too
    masked = _DECIMAL.sub("\u00b7", text[: part.end]) if _DECIMAL.search(text, part.start, part.end) else text
    return _split("phrase", masked, part)


def _without_semicolons(listed: re.Match[str]) -> str:
    return re.sub("[；;]", "\u00b7", listed.group())


def _split(unit: str, text: str, within: Span | None) -> Iterator[Span]:
    part = Span(0, len(text)) if within is None else within  # an empty span is false, too
    for match in _SPLITTERS[unit].finditer(text, part.start, part.end):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield Span(start, end)
