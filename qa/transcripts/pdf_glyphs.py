"""What PDFium knows of a PDF: every character with its place on the page, and the document's own facts."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from qa.errors import TranscriptError
from qa.transcripts import formats_wording as wording

__all__ = ["MOST_PAGES", "Glyph", "Page", "Pages", "pages_of"]

MOST_PAGES = 600
MOST_CHARACTERS = 1_500_000
MOST_ON_A_PAGE = 30_000
"""What is read of a PDF at most: far above any briefing."""

# Radicals that some programs write in place of the character they look like. NFKC folds the Kangxi
# radicals and the compatibility ideographs; these it leaves alone, or folds to another script's form.
_RADICALS = dict(
    zip(
        "⺁⺃⺇⺈⺉⺊⺌⺍⺎⺏⺒⺓⺔⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺨⺩⺪⺫⺬⺭⺯⺰⺱⺲⺶⺷⺸⺹⺺⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳⼾⾭",
        "厂乛几刀刂卜小小尢尢巳幺彑忄心扌攵旡日月歹母民氵水灬爪爪丬犭王疋目示礻糸纟网网羊羊羊老肀肉臼艹艹艹虎衤西西见角角讠贝足车辶辶辶邑钅長長长门阜阝雨青韦页风飞食食饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟户青",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character where it stands, in points from the upper left corner of the page as it is read.

    ``x0`` to ``x1`` is its advance, ``y`` its baseline, ``em`` the size of its font. ``made_up``: a space
    or the end of a line that PDFium puts in a gap.
    """

    text: str
    x0: float
    x1: float
    y: float
    em: float
    made_up: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its number from 1, its size in points, and its upright characters."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """A PDF: its pages, and the title in its document information."""

    pages: tuple[Page, ...]
    title: str


def pages_of(data: bytes, name: str) -> Pages:
    """Every page of a PDF. PDFium is not made for threads: see :mod:`qa.transcripts.pdf_apart`.

    Args:
        name: the file, as messages name it.

    Raises:
        TranscriptError: if it has a password, is damaged, or is larger than what is read.
    """
    with _opened(data, name) as pdf:
        if len(pdf) > MOST_PAGES:
            raise _too_much(name, f"{len(pdf)} pages")
        return Pages(tuple(_pages(pdf, name)), pdf.get_metadata_dict().get("Title", ""))


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[pypdfium2.PdfDocument]:
    try:
        with closing(pypdfium2.PdfDocument(data)) as pdf:
            yield pdf
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == raw.FPDF_ERR_PASSWORD
        raise TranscriptError(
            (wording.PDF_PASSWORD if locked else wording.PDF_DAMAGED).format(name=name),
            code="transcript_password" if locked else "transcript_damaged",
            detail=f"{name}: {error}",
        ) from error


def _pages(pdf: pypdfium2.PdfDocument, name: str) -> Iterator[Page]:
    left = MOST_CHARACTERS
    for number in range(1, len(pdf) + 1):
        with closing(pdf[number - 1]) as page, closing(page.get_textpage()) as text:
            count = text.count_chars()
            left -= count
            if left < 0 or count > MOST_ON_A_PAGE:
                raise _too_much(name, f"page {number}")
            yield _page(page, text, number)


def _too_much(name: str, where: str) -> TranscriptError:
    return TranscriptError(
        wording.PDF_TOO_LONG.format(name=name), code="transcript_too_large", detail=f"{name}: {where}"
    )


def _page(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, number: int) -> Page:
    """A page as it is read: turned so that most of its characters are upright; the others are watermarks."""
    found = list(_found(text))
    angles = Counter(one.angle for one in found if not one.made_up)
    turned = angles.most_common(1)[0][0] if angles else 0
    box = page.get_cropbox()
    left, bottom, right, top = box
    width, height = (top - bottom, right - left) if turned in {90, 270} else (right - left, top - bottom)
    glyphs = (_glyph(one, turned, box) for one in found if one.made_up or one.angle == turned)
    return Page(number, width, height, tuple(g for g in glyphs if _is_on(g, width, height)))


def _is_on(glyph: Glyph, width: float, height: float) -> bool:
    """Whether any of a character shows on a page of this size."""
    return -glyph.em < glyph.x0 < width and 0 < glyph.y < height + glyph.em and glyph.x1 < 2 * width


@dataclass(frozen=True, slots=True)
class _Found:
    """A character in the page's own space, its box from left, bottom to right, top.

    ``angle``: by how many degrees it is turned clockwise.
    """

    text: str
    box: tuple[float, float, float, float]
    base: tuple[float, float]
    em: float
    angle: int
    made_up: bool


def _found(text: pypdfium2.PdfTextPage) -> Iterator[_Found]:
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:  # the first half of a character beyond the basic plane
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        boxed = raw.FPDFText_GetLooseCharBox(text, index, box)
        if not boxed or not raw.FPDFText_GetCharOrigin(text, index, x, y):
            continue
        angle = round(math.degrees(raw.FPDFText_GetCharAngle(text, index))) % 360
        yield _Found(
            _character(code),
            (box.left, box.bottom, box.right, box.top),
            (x.value, y.value),
            _size(text, index, matrix),
            angle,
            bool(raw.FPDFText_IsGenerated(text, index)),
        )


def _size(text: pypdfium2.PdfTextPage, index: int, matrix: ctypes.Structure) -> float:
    """The size of a character's font on the page, in points."""
    if not raw.FPDFText_GetMatrix(text, index, matrix):
        return 0.0
    size: float = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    return size


def _glyph(found: _Found, turned: int, page: tuple[float, float, float, float]) -> Glyph:
    left, bottom, right, top = found.box
    (xa, _), (xb, _) = (_shown(x, y, turned, page) for x, y in ((left, bottom), (right, top)))
    x, y = _shown(*found.base, turned, page)
    # The box of a character may be drawn close around it; a full-width one fills its em.
    wide = unicodedata.east_asian_width(found.text) in {"W", "F"}
    end = x + found.em if wide else max(xa, xb, x)
    return Glyph(found.text, x, end, y, found.em, found.made_up)


def _shown(x: float, y: float, turned: int, page: tuple[float, float, float, float]) -> tuple[float, float]:
    """A point of the page's own space, seen from the upper left with text turned by ``turned`` upright."""
    left, bottom, right, top = page
    match turned:
        case 270:
            return y - bottom, x - left
        case 180:
            return right - x, y - bottom
        case 90:
            return top - y, right - x
        case _:
            return x - left, top - y


def _character(code: int) -> str:
    """The character of a code point, radicals and compatibility forms folded to the ideograph they show."""
    char = chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"
    if char in _RADICALS:
        return _RADICALS[char]
    if "\u2f00" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff" or "\U0002f800" <= char <= "\U0002fa1f":
        return unicodedata.normalize("NFKC", char)
    return char
