"""Bytes to text: UTF-8, UTF-16, GB18030 (GBK, GB2312) and Big5, told apart also where nothing says which.

A byte order mark decides, then whether the bytes are UTF-8 throughout. Otherwise every candidate that can
decode the whole file is rated by what it makes of it: in any Chinese text a good part of the characters
are among the few hundred commonest, and in a wrongly decoded one next to none are. What reads like no
language is refused: a wrong guess would be quoted to residents.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from charset_normalizer import from_bytes

from qa.errors import TranscriptError
from qa.transcripts import formats_wording as wording

__all__ = ["Decoded", "check_readable", "decoded"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, a byte order mark included, and the Python codec that made it of the bytes."""

    text: str
    encoding: str


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CANDIDATES = ("gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "cp950", "ascii": "utf-8"}
_UTF = re.compile(r"utf[-_]?(?:8|16|32)")

_SAMPLE = 60_000
"""How much of a text is rated, in code points."""
_LEAST_COMMON = 0.15
"""The share of the Han characters that must be common ones. Texts read rightly have 0.25 to 0.5."""
_FEWEST_COMMON = 2
"""How many of them there must be: one may be there by chance."""
_MOST_ODD = 0.02
"""The share of the characters that may be private, unassigned or of control."""
_MOST_BROKEN = 0.005
"""The share of a text that may be replacement characters: above, too much of it is lost."""
_MOST_TWICE = 0.2
"""The share of a text that may look like UTF-8 taken for Latin."""
_ENOUGH, _LEAST_READABLE = 100, 0.08
"""Of so many characters beyond ASCII at least this share are common ones, whatever a text is about."""
_MOST_LOST = 0.002
"""The share of a text's characters whose bytes may not fit an encoding that it otherwise is in."""
_BROKEN = re.compile("\ufffd|锟斤拷|烫烫烫|屯屯屯")
_TWICE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]"
)

# The commonest characters of written Chinese, in both scripts, and its punctuation.
_COMMON = frozenset(
    "的一是不了在有人我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方"
    "多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情"
    "明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老"
    "给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受"
    "目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权"
    "思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔党委省县镇村街医疗养"
    "診療這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從實軍無與長機問關點業將兩間應戰頭體見產話給門東聲員論處義幾條"
    "係氣題爾別變總電數報結務場計資許統區隊決馬書則聽卻達強難權設記類據邊張該規萬覺術領確傳師觀識帶導爭運黨縣鎮醫養請謝讓"
    "，。、；：？！“”‘’（）《》「」"
)


def decoded(data: bytes, name: str, declared: str | None = None, *, damage: bool = False) -> Decoded:
    """The text of a file.

    Args:
        data: its bytes.
        name: the file, as messages name it.
        declared: the encoding the file itself declares (``<meta charset>``), tried beside the others.
        damage: whether a few bytes that do not fit are passed over; they read as U+FFFD.

    Raises:
        TranscriptError: if no encoding fits, what it reads like is no text, or bytes do not fit.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark) and (text := _text(data, encoding)) is not None:
            return _readable(Decoded(text, encoding), name)
    text = _text(data, "utf-8")
    if text is not None and _odd(text) <= _MOST_ODD:
        return _readable(Decoded(text, "utf-8"), name)
    best = _best(data, declared)
    if best is not None:
        return _readable(best, name)
    damaged = _damaged(data, declared)
    if damaged is None:
        raise _garbled(name) if text is not None else _unknown(data, name)
    if not damage:
        line = damaged.text.count("\n", 0, damaged.text.index("\ufffd")) + 1
        raise TranscriptError(
            wording.BYTES_DAMAGED.format(name=name, line=line),
            code="transcript_garbled",
            detail=f"{name}: line {line}: not {damaged.encoding}",
        )
    return damaged


def check_readable(text: str, name: str) -> None:
    """Passes for text that was not damaged before it came to us.

    Raises:
        TranscriptError: if too much of it is replacement characters, or it was once decoded wrongly and
            kept so.
    """
    sample = text[:_SAMPLE]
    broken = sum(len(found) for found in _BROKEN.findall(sample))
    twice = 2 * len(_TWICE.findall(sample))
    wide = sum(char > "\x7f" and not char.isspace() for char in sample)
    unlike = wide >= _ENOUGH and _common(sample) < _LEAST_READABLE
    if unlike or (sample and (broken > _MOST_BROKEN * len(sample) or twice > _MOST_TWICE * len(sample))):
        raise _garbled(name)


def _garbled(name: str) -> TranscriptError:
    return TranscriptError(
        wording.GARBLED.format(name=name), code="transcript_garbled", detail=f"{name}: mojibake"
    )


def _readable(found: Decoded, name: str) -> Decoded:
    check_readable(found.text, name)
    return found


def _text(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _best(data: bytes, declared: str | None) -> Decoded | None:
    """The candidate whose text reads most like Chinese, or None if none does; ties go to the earlier."""
    ratings: list[tuple[float, Decoded]] = []
    for encoding in dict.fromkeys((*_known(declared), *_CANDIDATES)):
        text = _text(data, encoding)
        if text is not None and _odd(text) <= _MOST_ODD:
            ratings.append((_common(text), Decoded(text, encoding)))
    rating, found = max(ratings, key=lambda rated: rated[0], default=(0.0, None))
    return found if rating >= _LEAST_COMMON else None


def _damaged(data: bytes, declared: str | None) -> Decoded | None:
    """The candidate that all but a few bytes fit, those read as U+FFFD; None if there is no such."""
    for encoding in ("utf-8", *_known(declared), *_CANDIDATES):
        text = data.decode(encoding, "replace")
        lost = text.count("\ufffd")
        if (
            0 < lost <= max(1, _MOST_LOST * len(text))
            and _odd(text) <= _MOST_ODD
            and _common(text) >= _LEAST_COMMON
        ):
            return Decoded(text, encoding)
    return None


def _known(declared: str | None) -> tuple[str, ...]:
    """The Python codec of a declared encoding; none if there is no such, or it is one already tried."""
    if declared is None:
        return ()
    try:
        name = codecs.lookup(declared.strip().lower()).name
    except (LookupError, ValueError):
        return ()
    name = _ALIASES.get(name, name)
    return () if _UTF.fullmatch(name) else (name,)


def _common(text: str) -> float:
    """The share of the characters beyond ASCII that are common Chinese ones, in [0, 1]."""
    wide = [char for char in text[:_SAMPLE] if char > "\x7f" and not char.isspace()]
    common = sum(char in _COMMON for char in wide)
    return common / len(wide) if common >= _FEWEST_COMMON else 0.0


def _odd(text: str) -> float:
    """The share of the characters that no text has, in [0, 1]."""
    sample = text[:_SAMPLE]
    odd = sum(
        unicodedata.category(char) in {"Cc", "Co", "Cn", "Cs"}
        for char in sample
        if char not in "\t\n\r\x0b\x0c\x1a"
    )
    return odd / len(sample) if sample else 0.0


def _unknown(data: bytes, name: str) -> TranscriptError:
    guess = from_bytes(data[:4096]).best()
    return TranscriptError(
        wording.ENCODING_UNKNOWN.format(name=name),
        code="transcript_encoding_unknown",
        detail=f"{name}: no encoding fits; charset-normalizer says {guess.encoding if guess else None}",
    )
