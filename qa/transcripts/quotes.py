"""Quotation marks: which quoted words are somebody's speech and which are only a term."""

from __future__ import annotations

from collections.abc import Iterator

from qa.model import Span

__all__ = ["spoken_quotes"]

_OPEN = "“「"
_CLOSE = "”」"
_ENDS_SPEECH = frozenset("。！？!?…；;")
_ENDS_BEFORE_ATTRIBUTION = frozenset("，,")
# Speech begins where a sentence or a clause may begin; a quoted term stands within one.
_BEFORE_SPEECH = frozenset("。！？!?；;：:，,…”」）) \u3000")


def spoken_quotes(paragraph: str) -> tuple[Span, ...]:
    """The outermost quotations of a paragraph that are speech, each without its marks.

    Speech begins where a clause begins, and its last character inside the marks ends a sentence
    (or is a comma, if the words go on after the marks). “创文” is a term, not speech.
    """
    return tuple(span for span in _quotes(paragraph) if _is_speech(paragraph, span))


def _quotes(paragraph: str) -> Iterator[Span]:
    depth = 0
    start = 0
    for at, character in enumerate(paragraph):
        if character in _OPEN:
            depth += 1
            if depth == 1:
                start = at + 1
        elif character in _CLOSE and depth:
            depth -= 1
            if depth == 0 and at > start:
                yield Span(start, at)


def _is_speech(paragraph: str, span: Span) -> bool:
    if span.start > 1 and paragraph[span.start - 2] not in _BEFORE_SPEECH:
        return False
    last = paragraph[span.end - 1]
    goes_on = span.end + 1 < len(paragraph)
    return last in _ENDS_SPEECH or (last in _ENDS_BEFORE_ATTRIBUTION and goes_on)
