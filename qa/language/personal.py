"""Personal data typed into a question: found by format and checksum, and masked.

Masking comes before anything is stored, shown or logged. Rules: resident identity numbers GB 11643-1999
(ISO 7064 MOD 11-2 check character), bank cards ISO/IEC 7812 (Luhn), mainland mobile numbers (11 digits
from 13 to 19, the country's code before them or not).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["has_personal_data", "mask"]

_EDGE, _END = r"(?<!\d)", r"(?!\d)"  # letters are no edge: tel138…, ID110…
_GAP = r"[ \-\u3000]?"
_IDENTITY = re.compile(rf"{_EDGE}\d{{6}}{_GAP}\d{{8}}{_GAP}\d{{3}}[\dXx]{_END}")
_BANK_CARD = re.compile(rf"{_EDGE}(?:\d{{4}}{_GAP}){{3,4}}\d{{1,7}}{_END}")
_MOBILE = re.compile(rf"{_EDGE}(?:(?:\+|00)?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}{_END}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def _is_identity(digits: str) -> bool:
    if not re.fullmatch(r"\d{17}[\dX]", digits):
        return False
    total = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == digits[17]


def _is_bank_card(digits: str) -> bool:
    if not re.fullmatch(r"\d{15,19}", digits):
        return False
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits)))
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def _found(text: str) -> Iterator[re.Match[str]]:
    plain = _ascii_digits(text)
    for pattern, holds in ((_IDENTITY, _is_identity), (_BANK_CARD, _is_bank_card), (_MOBILE, bool)):
        for match in pattern.finditer(plain):
            if holds(re.sub(_GAP[:-1], "", match.group()).upper()):
                yield match


def has_personal_data(text: str) -> bool:
    """Whether ``text`` holds an identity, bank card or mobile number."""
    return next(_found(text), None) is not None


def mask(text: str) -> str:
    """``text`` with every identity, bank card and mobile number replaced by ``*``, one for each character."""
    out = list(text)
    for match in _found(text):
        out[match.start() : match.end()] = "*" * len(match.group())
    return "".join(out)


def _ascii_digits(text: str) -> str:
    # Full-width digits, letters and signs are the same number to whoever reads the log.
    return text.translate({ord(wide): ord(wide) - 0xFEE0 for wide in "０１２３４５６７８９Ｘｘ＋－"})
