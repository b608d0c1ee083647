"""A quote to take along: a QR code, drawn as SVG in the page itself."""

from __future__ import annotations

from typing import Final

import segno
from markupsafe import Markup

from qa.model import Citation
from qa.wire import transcript_href
from web import wording

__all__ = ["MOST_BYTES", "carried", "qr_svg"]

MOST_BYTES: Final = 1000
"""Bytes of UTF-8 a code may hold: 105 modules a side (version 22), 3 px each where it is drawn."""


def carried(citation: Citation, public_url: str | None, corpus: str) -> str:
    """What the code of a quote says: the address of the cited words, or else the quote with its source."""
    if public_url:
        span = citation.span
        href = transcript_href(citation.transcript.id, span.start, span.end, corpus)
        return public_url.rstrip("/") + href
    source = wording.short_source(citation)
    room = MOST_BYTES - len(f"“”{source}".encode())
    quote = citation.quote.replace("\n", "")
    if len(quote.encode()) <= room:
        return f"“{quote}”{source}"
    cut = quote.encode()[: room - len(wording.CUT.encode())].decode(errors="ignore")
    return f"“{cut}{wording.CUT}”{source}"


def qr_svg(text: str) -> Markup:
    """``text`` as an SVG element: dark on white whatever the page's colours, with a quiet zone around it."""
    code = segno.make(text, error="l", micro=False, boost_error=False)
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn)
