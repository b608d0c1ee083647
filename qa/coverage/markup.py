"""HTML and SVG as elements: everything said in them is escaped, whatever it holds."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Final

__all__ = ["Content", "document", "element", "legible"]

Content = str | ET.Element | None | Iterable["Content"]
"""What may stand in an element: text, elements, nothing, or several of these."""

# XML 1.0 and HTML know no such characters, not even escaped.
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """``text`` with a space for each character that no document can hold."""
    return _NOT_TEXT.sub(" ", text)


def element(tag: str, *content: Content, **attributes: str | float) -> ET.Element:
    """An element. ``_`` stands for ``-`` in attributes' names; one at the end of a name is left out."""
    made = ET.Element(tag)
    for name, value in attributes.items():
        written = f"{value:g}" if isinstance(value, float) else str(value)
        made.set(name.rstrip("_").replace("_", "-"), legible(written))
    _fill(made, content)
    return made


def document(root: ET.Element) -> bytes:
    """An HTML document, in UTF-8."""
    written: bytes = ET.tostring(root, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + written + b"\n"


def _fill(parent: ET.Element, content: Content) -> None:
    if content is None:
        return
    if isinstance(content, ET.Element):
        parent.append(content)
    elif isinstance(content, str):
        text = legible(content)
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text
    else:
        for part in content:
            _fill(parent, part)
