"""PDFium in a process of its own, with bounds on time and memory.

It is native code that reads what strangers made: a file of a hundred kilobytes can ask for gigabytes and
minutes within one call, and a fault in it would end the program that calls it. What comes back is JSON.

Run as ``python -m qa.transcripts.pdf_apart NAME`` it reads a PDF from its input and writes its pages.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from qa.errors import TranscriptError
from qa.transcripts import formats_wording as wording
from qa.transcripts.pdf_glyphs import Glyph, Page, Pages, pages_of

__all__ = ["MOST_MEMORY", "MOST_SECONDS", "pages_apart"]

MOST_SECONDS = 60
"""How long a PDF may take. One of 600 pages takes about ten seconds."""
MOST_MEMORY = 1_500_000_000
"""Bytes of address space it may take; on Windows there is no such bound."""


def pages_apart(data: bytes, name: str) -> Pages:
    """As :func:`~qa.transcripts.pdf_glyphs.pages_of`, without the risks.

    Raises:
        TranscriptError: as there; also if it takes too long, or PDFium fails on it.
    """
    # -I: nothing in the current folder or the environment takes the place of our own modules.
    command = [sys.executable, "-I", "-m", "qa.transcripts.pdf_apart", name]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, check=True)
    except subprocess.TimeoutExpired as error:
        raise _refused(wording.PDF_TOO_LONG, "transcript_too_large", name, "out of time") from error
    except subprocess.CalledProcessError as error:
        why = f"exit status {error.returncode}: {error.stderr[-200:].decode(errors='replace')}"
        raise _refused(wording.PDF_UNREADABLE, "transcript_damaged", name, why) from error
    return _pages(json.loads(done.stdout))


def _refused(message: str, code: str, name: str, why: str) -> TranscriptError:
    return TranscriptError(message.format(name=name), code=code, detail=f"{name}: {why}")


def _pages(told: dict[str, Any]) -> Pages:
    if "code" in told:
        raise TranscriptError(told["message"], code=told["code"], detail=told["detail"])
    pages = (
        Page(number, width, height, tuple(Glyph(*glyph) for glyph in glyphs))
        for number, width, height, glyphs in told["pages"]
    )
    return Pages(tuple(pages), told["title"])


def _told(data: bytes, name: str) -> dict[str, Any]:
    """What the parent is told: the pages, or why not."""
    try:
        found = pages_of(data, name)
    except TranscriptError as error:
        return {"code": error.code, "message": error.message, "detail": error.detail}
    pages = [
        (page.number, page.width, page.height, [_row(glyph) for glyph in page.glyphs]) for page in found.pages
    ]
    return {"pages": pages, "title": found.title}


def _row(glyph: Glyph) -> tuple[str, float, float, float, float, bool]:
    return (glyph.text, glyph.x0, glyph.x1, glyph.y, glyph.em, glyph.made_up)


def _bound() -> None:
    if sys.platform != "win32":
        import resource  # there is none on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main() -> None:
    _bound()
    json.dump(_told(sys.stdin.buffer.read(), sys.argv[1]), sys.stdout)


if __name__ == "__main__":
    _main()
