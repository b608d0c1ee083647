"""The blocks of a web page: every run of text that stands by itself, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from qa.transcripts.tables import Column, columns

__all__ = ["Block", "blocks_of", "parsed", "squashed"]

_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section"
    " summary table tbody td tfoot th thead tr ul"
)
_UNREAD_TAGS = (
    "applet area audio base button canvas datalist embed frame frameset head iframe img input link map meta"
    " noframes noscript object option param picture progress script select source style svg template textarea"
    " title track video wbr rt rp"
)
_BLOCK, _UNREAD = frozenset(_BLOCK_TAGS.split()), frozenset(_UNREAD_TAGS.split())
_CELL = frozenset(("td", "th"))
_AROUND = frozenset(("nav", "footer", "aside", "menu"))
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_DATA_URI = re.compile(r"data:[\w.+/;=-]{0,100}base64,[A-Za-z0-9+/=\s%]*")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_HEADING_TAG = re.compile(r"h[1-6]")

_CELL_LIMIT = 40
"""Cells of a table up to so many code points are read as one row."""
_CELL_GAP = "\u3000"


@dataclass(slots=True)
class Block:
    """A run of text that stands by itself: a paragraph, a heading, an item, a short row of a table.

    ``number`` counts from 1. ``element`` is the element it stands in, ``linked`` how many of its code
    points are links, ``around``: it is in what the page itself marks as navigation or as a footer.
    ``broken``: a single ``<br>`` ends it. ``column``: of a table of questions and answers.
    """

    number: int
    text: str
    element: etree._Element
    linked: int
    around: bool
    broken: bool = False
    column: Column | None = None

    @property
    def heading(self) -> bool:
        """Whether the page marks it as a heading."""
        return any(_HEADING_TAG.fullmatch(str(above.tag)) for above in _with_ancestors(self.element, 3))

    @property
    def caption(self) -> bool:
        """Whether it stands under a picture."""
        return any(above.tag == "figcaption" for above in _with_ancestors(self.element, 3))


def parsed(page: str) -> etree._Element | None:
    """The tree of a page, or None if there is nothing in it; without scripts and pictures held in it."""
    light = _DECLARATION.sub("", _DATA_URI.sub("", page.replace("\x00", "")))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, remove_comments=True)
    try:
        root = html.document_fromstring(light.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None
    etree.strip_elements(root, "script", "style", with_tail=False)
    return root


def blocks_of(root: etree._Element) -> list[Block]:
    """The blocks of a page, in order; what does not show is none."""
    collector = _Collector()
    collector.walk(root)
    return collector.found


def squashed(text: str) -> str:
    """``text`` without any white space, the kinds a page has included."""
    return re.sub(r"[\s\u3000\u200b\ufeff]+", "", text)


def _with_ancestors(element: etree._Element, most: int) -> Iterator[etree._Element]:
    here = element
    while here is not None and most:
        yield here
        here, most = here.getparent(), most - 1


@dataclass(slots=True)
class _Collector:
    """Goes through a tree and closes a block wherever a block element begins or ends, and at line breaks."""

    found: list[Block] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _linked: int = 0
    _links: int = 0
    _around: int = 0
    _column: Column | None = None
    _heads: dict[etree._Element, tuple[etree._Element, tuple[Column, ...]]] = field(default_factory=dict)

    def walk(self, root: etree._Element) -> None:
        """Collects the blocks of ``root``, without recursion."""
        passed_over = None
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if self._open(element, tag):
                    continue
                passed_over = element
                walker.skip_subtree()
            else:
                if element is not passed_over:
                    self._leave(element, tag)
                if element is not root:
                    self._say(element.tail)

    def _open(self, element: etree._Element, tag: str) -> bool:
        """Whether what is inside an element is to be gone through."""
        if tag == "br":
            self._break(element)
            return False
        if tag in _UNREAD or not tag or _is_hidden(element):
            return False
        if tag in _BLOCK:
            self._close(element.getparent())
        if tag in _CELL:
            self._column = self._column_of(element)
        if tag == "tr" and not self._asked(element) and (row := _short_row(element)) is not None:
            self._words.append(row)
            self._linked += sum(len(_plain(link)) for link in element.iter("a"))
            self._close(element)
            return False
        self._links += tag == "a"
        self._around += tag in _AROUND
        self._say(element.text)
        return True

    def _asked(self, row: etree._Element) -> tuple[Column, ...]:
        """The columns of the table a row is of, if it is one of questions and answers and not its head."""
        table = next(row.iterancestors("table"), None)
        if table is None:
            return ()
        if table not in self._heads:
            head = next(table.iter("tr"))
            self._heads[table] = head, columns([_plain(cell) for cell in head if cell.tag in _CELL])
        head, asked = self._heads[table]
        own = row is not head and len(asked) == sum(cell.tag in _CELL for cell in row)
        return asked if own else ()

    def _column_of(self, cell: etree._Element) -> Column | None:
        row = cell.getparent()
        asked = self._asked(row) if row is not None and row.tag == "tr" else ()
        return asked[[one for one in row if one.tag in _CELL].index(cell)] if asked else None

    def _leave(self, element: etree._Element, tag: str) -> None:
        if tag in _BLOCK:
            self._close(element)
        if tag in _CELL:
            self._column = None
        self._links -= tag == "a"
        self._around -= tag in _AROUND

    def _say(self, text: str | None) -> None:
        if text:
            self._words.append(_SPACE.sub(" ", text))
            self._linked += len(text.strip()) if self._links else 0

    def _break(self, element: etree._Element) -> None:
        if squashed("".join(self._words)):
            self._close(element.getparent())
            self.found[-1].broken = True
        elif self.found:
            self.found[-1].broken = False  # a second break in a row: a paragraph ends here

    def _close(self, element: etree._Element) -> None:
        text = "".join(self._words)
        if squashed(text):
            number = len(self.found) + 1
            self.found.append(
                Block(number, text, element, self._linked, self._around > 0, False, self._column)
            )
        elif self.found and element is not None:
            self.found[-1].broken = False
        self._words.clear()
        self._linked = 0


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "") is not None


def _short_row(row: etree._Element) -> str | None:
    """The row of a table of data as one line, its cells set apart; None where cells are laid-out text."""
    cells = [cell for cell in row if cell.tag in _CELL]
    if any(next(cell.iter("table", "br", "ul", "ol", "script", "style"), None) is not None for cell in cells):
        return None
    told = [words for cell in cells if (words := _plain(cell))]
    short = all(len(words) <= _CELL_LIMIT and "。" not in words for words in told)
    return _CELL_GAP.join(told) if len(told) > 1 and short else None


def _plain(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())
