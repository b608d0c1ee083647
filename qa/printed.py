"""An answer as text for people at a terminal.

Lines are never broken here: a quote stays in one piece, and the terminal wraps it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.text import Text

from qa import cli_wording as wording
from qa.model import Answer, Citation, Status
from qa.transcripts.places import place_in_file
from qa.wire import transcript_href

__all__ = ["answer_text", "visible"]

_MARKED = "bold"
_QUIET = "dim"


def answer_text(answer: Answer) -> Text:
    """The whole answer, its status first."""
    return Text("\n").join(_lines(answer))


def visible(text: str) -> str:
    """``text`` without what a terminal would take for a command."""
    return "".join(" " if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in text)


def _lines(answer: Answer) -> Iterator[Text]:
    yield Text(wording.STATUS[answer.status], style="bold")
    yield from _quotes(answer.citations, answer.corpus)
    yield from _list(wording.NOTICES_TITLE, (notice.text for notice in answer.notices))
    yield from _list(wording.UNDERSTOOD_TITLE, wording.understood(answer.interpretation))
    if answer.related:
        yield Text()
        yield Text(wording.RELATED_TITLE, style="bold")
        yield from _quotes(answer.related, answer.corpus)
    if answer.status in (Status.RELATED, Status.NO_ANSWER):
        yield Text()
        yield Text(wording.HOTLINE)
    yield from _list(wording.SUGGESTIONS_TITLE, answer.suggestions)
    if answer.hits is not None:
        named = (f"{hit.passage.transcript.id}  {hit.score:.3f}" for hit in answer.hits)
        yield from _list(wording.HITS_TITLE, named)


def _quotes(citations: Sequence[Citation], corpus: str) -> Iterator[Text]:
    for _, together in groupby(citations, key=lambda citation: citation.group):
        group = list(together)
        yield Text()
        for citation in group:
            yield _quote(citation)
        yield from _provenance(group, corpus)


def _quote(citation: Citation) -> Text:
    quote = Text(visible(citation.quote))
    for mark in citation.marks:
        quote.stylize(_MARKED, mark.start, mark.end)
    shortened = wording.SHORTENED if citation.shortened else ""
    return Text(f"{citation.n}. “") + quote + Text(f"”{shortened}")


def _provenance(group: Sequence[Citation], corpus: str) -> Iterator[Text]:
    first = group[0]
    transcript, turn = first.transcript, first.turn
    yield _indented(wording.speaker(turn.speaker, turn.speech))
    yield _indented(wording.briefing(transcript.title, transcript.date))
    section = transcript.section_title(turn)
    if section is not None:
        yield _indented(wording.SECTION.format(title=section))
    for citation in group:
        href = transcript_href(transcript.id, citation.span.start, citation.span.end, corpus)
        place = place_in_file(transcript.source, citation.span)
        yield _indented(
            wording.HREF.format(href=href) + (wording.IN_FILE.format(place=place) if place else "")
        )


def _indented(line: str) -> Text:
    return Text(f"   {visible(line)}", style=_QUIET)


def _list(title: str, lines: Iterable[str]) -> Iterator[Text]:
    shown = [Text(f"- {visible(line)}") for line in lines]
    if shown:
        yield Text()
        yield Text(f"{title}：")
        yield from shown
