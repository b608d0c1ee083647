"""``.html``: the article of a web page, without what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise

from lxml import etree

from qa.errors import TranscriptError
from qa.model import SourceUnit
from qa.transcripts import formats_wording as wording
from qa.transcripts.description import Description, LeftOutKind, labelled
from qa.transcripts.document import Sheet, read_document
from qa.transcripts.encodings import decoded
from qa.transcripts.html_blocks import Block, blocks_of, parsed, squashed
from qa.transcripts.html_clutter import is_clutter
from qa.transcripts.html_facts import declared_encoding, page_facts
from qa.transcripts.lines import HEADING_LIMIT, could_be_heading
from qa.transcripts.reading import Reading

__all__ = ["read_html"]

MOST_CHARACTERS = 1_000_000
MOST_ELEMENTS = 30_000
"""What is read of a page at most, pictures held in it not counted: far above any article."""

_LEAST_HELD = 0.9
"""The article is in the innermost element that holds this share of the main text."""
_LEAST_ARTICLE = 10
"""An article has at least so many code points."""
_HEAD_BLOCKS = 12
"""How many blocks above the article may be its title."""
_INFO_BLOCKS = 6
"""How many blocks above and below its beginning may say when and by whom it was published."""


def read_html(data: bytes, name: str) -> Reading:
    """The reading of a web page; its unit is the paragraph.

    Paragraphs are runs of text between block elements or line breaks, counted from 1 over everything that
    the page shows, menus included. trafilatura says where the article is; what lies between its first and
    its last words is read, except links elsewhere, share buttons and the like. A table's row of short
    cells is one line.

    Args:
        data: the file's bytes.
        name: the file, as messages name it.

    Raises:
        TranscriptError: if the encoding cannot be told, or there is no article in it.
    """
    found = decoded(data, name, declared_encoding(data), damage=True)
    root = parsed(found.text)
    if root is not None and _is_too_much(root):
        raise TranscriptError(
            wording.HTML_TOO_LONG.format(name=name), code="transcript_too_large", detail=f"{name}: too large"
        )
    blocks = blocks_of(root) if root is not None else []
    if root is None or not blocks:
        raise _no_article(name, "nothing shows")
    known = page_facts(root, found.text)
    article = _article(blocks, _main_text(root))
    if sum(len(squashed(block.text)) for block in article) < _LEAST_ARTICLE:
        raise _no_article(name, "no main text")
    if any("\ufffd" in block.text for block in article):
        raise TranscriptError(
            wording.HTML_DAMAGED.format(name=name), code="transcript_garbled", detail=f"{name}: bytes lost"
        )
    title = _title_above(blocks, article[0], known.title)
    known = replace(_with_head(known, blocks, article[0]), encoding=found.encoding, size=len(blocks))
    return read_document(_laid_out(blocks, article, title).document(SourceUnit.PARAGRAPH, known), name)


def _is_too_much(root: etree._Element) -> bool:
    text = sum(len(words) for words in root.itertext())
    return text > MOST_CHARACTERS or sum(1 for _ in root.iter()) > MOST_ELEMENTS


def _no_article(name: str, why: str) -> TranscriptError:
    return TranscriptError(
        wording.HTML_NO_ARTICLE.format(name=name), code="transcript_no_article", detail=f"{name}: {why}"
    )


def _main_text(root: etree._Element) -> str:
    """The main text as trafilatura finds it, without white space; empty where it finds none."""
    import trafilatura  # here, because it takes a third of a second and few files are web pages

    text = trafilatura.extract(deepcopy(root), favor_recall=True, include_comments=False, include_tables=True)
    return squashed(text or "")


def _article(blocks: Sequence[Block], main: str) -> list[Block]:
    """The blocks of the article."""
    told = {block.number for block in blocks if _is_told(block, main)}
    if not told:
        return []
    holder = _holder([block for block in blocks if block.number in told])
    inside = [block for block in blocks if _is_in(block.element, holder)]
    here = [block.number for block in inside if block.number in told]
    between = [block for block in inside if here[0] <= block.number <= here[-1]]
    return [block for block in between if not is_clutter(block, main)]


def _title_above(blocks: Sequence[Block], first: Block, title: str | None) -> Block | None:
    """The block with the page's title, where it stands above the article and not in it."""
    above = blocks[max(first.number - 1 - _HEAD_BLOCKS, 0) : first.number - 1]
    wanted = squashed(title or "")
    named = [block for block in above if wanted and squashed(block.text) == wanted and not block.around]
    return named[-1] if named else None


def _is_told(block: Block, main: str) -> bool:
    words = squashed(block.text)
    return len(words) > 1 and not block.around and words in main


def _holder(told: Sequence[Block]) -> etree._Element:
    """The innermost element that holds most of the main text."""
    held: dict[etree._Element, int] = {}
    total = 0
    for block in told:
        size = len(squashed(block.text))
        total += size
        for above in (block.element, *block.element.iterancestors()):
            held[above] = held.get(above, 0) + size
    enough = [element for element, size in held.items() if size >= _LEAST_HELD * total]
    return max(enough, key=lambda element: sum(1 for _ in element.iterancestors()))


def _is_in(element: etree._Element, holder: etree._Element) -> bool:
    return element is holder or any(above is holder for above in element.iterancestors())


def _with_head(known: Description, blocks: Sequence[Block], first: Block) -> Description:
    """What the page says, completed by what stands around the title (发布时间：… 来源：…)."""
    at = first.number - 1
    around = blocks[max(at - _INFO_BLOCKS, 0) : at + _INFO_BLOCKS]
    stated = labelled([" ".join(block.text.split()) for block in around])
    return replace(
        known,
        published=known.published or stated.published,
        publisher=stated.publisher or known.publisher,
    )


def _laid_out(blocks: Sequence[Block], article: Sequence[Block], title: Block | None) -> Sheet:
    sheet = Sheet()
    read = [*([title] if title is not None else []), *article]
    numbers = {block.number for block in read}
    for block in blocks:
        if block.number not in numbers:
            kind = LeftOutKind.CAPTION if block.caption else LeftOutKind.NAVIGATION
            sheet.leave_out(kind, block.text, block.number)
    below_break = {after.number for before, after in pairwise(read) if before.broken}
    for block in read:
        words = block.text.strip()
        sheet.add(
            block.text,
            block.number,
            heading=block is title or (block.heading and len(words) <= 2 * HEADING_LIMIT),
            hard_break=block.element.tag == "tr" or (block.broken and could_be_heading(words)),
            alone=not block.broken and block.number not in below_break,
            column=block.column,
        )
    return sheet
