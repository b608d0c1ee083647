"""The passages of the version in force, with how often each was shown to residents."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from qa.coverage.ground import is_quotable
from qa.coverage.sheets import csv_bytes
from qa.coverage.workbooks import Cell, workbook
from qa.engine import Engine
from qa.model import Passage
from qa.text import squash
from qa.wire import transcript_href
from web.records.model import SpanHits
from web.staff import passages_wording
from web.staff.access import PATH, Visitor
from web.staff.choosing import named
from web.staff.downloads import download
from web.staff.paging import page_number, paged
from web.staff.room import GET, Guards, Room

__all__ = ["Filter", "Row", "add_passages", "counted"]

_PAGE: Final = 50
_MOST: Final = 50_000
"""Rows of a download."""
_WORDS: Final = 90
_LONGEST: Final = 100
_SHOWN: Final = ("all", "shown", "never")
_ORDERS: Final = ("most", "text", "least")
_SCOPES: Final = ("version", "every")


@dataclass(frozen=True, slots=True)
class Row:
    """A passage and how often it was quoted, and how often shown as related.

    ``quotable`` is whether it can be quoted at all: a resident's question cannot.
    """

    passage: Passage
    quoted: int
    related: int
    quotable: bool
    href: str

    @property
    def shown(self) -> int:
        """How often it was shown at all."""
        return self.quoted + self.related

    @property
    def words(self) -> str:
        """Its first words."""
        words = squash(self.passage.text)
        return words if len(words) <= _WORDS else f"{words[:_WORDS]}…"

    @property
    def speaker(self) -> str:
        """Who speaks, with the office."""
        who = self.passage.turn.speaker
        return "" if who is None else f"{who.name}{f'（{who.office}）' if who.office else ''}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which passages are looked at, in which order, counted over which versions; which page of them."""

    transcript: str = ""
    speaker: str = ""
    show: str = "all"
    order: str = "most"
    scope: str = "version"
    page: int = 1

    @property
    def query(self) -> str:
        """What stands in an address, but for the page."""
        own = {name: getattr(self, name) for name in ("transcript", "speaker", "show", "order", "scope")}
        return urlencode(own)

    def address(self, page: int) -> str:
        """The address of another page of the same."""
        return f"{PATH}/passages?{self.query}&page={page}"

    def holds(self, row: Row) -> bool:
        """Whether a passage is one of those looked at."""
        return (
            any(named([row.passage.transcript], self.transcript))
            and self.speaker in row.speaker
            and (self.show == "all" or (row.shown > 0) is (self.show == "shown"))
            and (self.show != "never" or row.quotable)
        )


def chosen(
    transcript: str = "", speaker: str = "", show: str = "", order: str = "", scope: str = "", page: str = ""
) -> Filter:
    """What the address asks for; what it does not say, or says wrongly, is as usual."""
    return Filter(
        transcript.strip()[:_LONGEST],
        speaker.strip()[:_LONGEST],
        show if show in _SHOWN else _SHOWN[0],
        order if order in _ORDERS else _ORDERS[0],
        scope if scope in _SCOPES else _SCOPES[0],
        page_number(page),
    )


Wanted = Annotated[Filter, Depends(chosen)]


def counted(engine: Engine, hits: Iterable[SpanHits]) -> Iterator[Row]:
    """Every passage in reading order with what was counted of its words, and of the same file only."""
    of: dict[tuple[str, str], list[SpanHits]] = {}
    for one in sorted(hits, key=attrgetter("start")):
        of.setdefault((one.transcript, one.source), []).append(one)
    for passage in engine.passages:
        transcript, span = passage.transcript, passage.span
        own = of.get((transcript.id, transcript.source.sha256), [])
        # Those that begin before the passage ends; few of them are long.
        before = own[: bisect_left(own, span.end, key=attrgetter("start"))]
        within = [one for one in before if one.end > span.start]
        yield Row(
            passage,
            sum(one.quoted for one in within),
            sum(one.related for one in within),
            is_quotable(passage),
            transcript_href(transcript.id, span.start, span.end, engine.corpus),
        )


def add_passages(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the passages."""

    @router.api_route(f"{PATH}/passages", methods=GET)
    def passages(wanted: Wanted, visitor: Visitor = guards.viewer) -> Response:
        every = _every(room, wanted)
        return room.page(
            visitor,
            "passages.html",
            "passages",
            t=passages_wording,
            wanted=wanted,
            shown=paged(_chosen(every, wanted), wanted.page, _PAGE),
            total=sum(row.quotable for row in every),
            never=sum(row.quotable and not row.shown for row in every),
            transcripts=room.engine.transcripts.values(),
            most=_MOST,
        )

    @router.api_route(f"{PATH}/passages.csv", methods=GET)
    def passages_csv(wanted: Wanted, _: Visitor = guards.viewer) -> Response:
        return download(csv_bytes(_table(_chosen(_every(room, wanted), wanted))), "passages.csv")

    @router.api_route(f"{PATH}/passages.xlsx", methods=GET)
    def passages_xlsx(wanted: Wanted, _: Visitor = guards.viewer) -> Response:
        rows = _table(_chosen(_every(room, wanted), wanted))
        return download(workbook([(passages_wording.PASSAGES, rows)]), "passages.xlsx")


def _every(room: Room, wanted: Filter) -> list[Row]:
    corpus = room.engine.corpus if wanted.scope == "version" else None
    return list(counted(room.engine, room.records.hits.listed(corpus)))


def _chosen(every: Iterable[Row], wanted: Filter) -> list[Row]:
    found = [row for row in every if wanted.holds(row)]
    if wanted.order == "text":
        return found
    sign = -1 if wanted.order == "most" else 1  # sorting is stable: as often, in reading order
    return sorted(found, key=lambda row: (sign * row.quoted, sign * row.related))


def _table(rows: list[Row]) -> list[list[Cell]]:
    table: list[list[Cell]] = [list(passages_wording.COLUMNS)]
    for row in rows[:_MOST]:
        passage = row.passage
        place = f"{passage.span.start}-{passage.span.end}"
        words = squash(passage.text)
        table.append([passage.transcript.title, place, row.speaker, words, row.quoted, row.related])
    return table
