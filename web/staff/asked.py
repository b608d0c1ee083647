"""The questions residents asked, grouped by meaning and counted, and what they say of the answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from qa.coverage.columns import SEPARATOR
from qa.coverage.sheets import csv_bytes
from qa.coverage.workbooks import Cell, workbook
from qa.engine import Engine
from qa.model import Status
from qa.wire import transcript_href
from web.records.model import Note, NoteState, day_of, utc_now
from web.records.questions import group_key
from web.staff import asked_wording, wording
from web.staff.access import PATH, StaffProblem, Visitor
from web.staff.downloads import download
from web.staff.drafts import draft_body
from web.staff.meanings import UNANSWERED, Grouped, Grouping, QuestionGroup
from web.staff.paging import Paged, page_number, paged
from web.staff.room import GET, Guards, Room
from web.staff.trend import bars

__all__ = ["Filter", "Now", "add_asked"]

DAYS: Final = (7, 30, 91, 182)
_SHOWN: Final[Mapping[str, Collection[Status]]] = {
    "unanswered": UNANSWERED,
    "all": tuple(Status),
    **{status.value: (status,) for status in Status},
}
_PAGE: Final = 20
_MOST: Final = 10_000
"""Wordings that are grouped."""
_FEEDBACK: Final = 50
_QUOTE: Final = 60
"""Code points of an answer that are shown beside a question."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which questions are looked at: of how many days, with which outcome, which page of them."""

    days: int = 30
    show: str = "unanswered"
    page: int = 1

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day, in China."""
        until = day_of(utc_now())
        return until - timedelta(days=self.days - 1), until

    @property
    def query(self) -> str:
        """What stands in an address, but for the page."""
        return f"days={self.days}&show={self.show}"

    def address(self, page: int) -> str:
        """The address of another page of the same."""
        return f"{PATH}/questions?{self.query}&page={page}"


_USUAL: Final = Filter()


def chosen(days: str = "", show: str = "", page: str = "") -> Filter:
    """What the address asks for; what it does not say, or says wrongly, is as usual."""
    return Filter(
        days=int(days) if days in {str(known) for known in DAYS} else _USUAL.days,
        show=show if show in _SHOWN else _USUAL.show,
        page=page_number(page),
    )


Wanted = Annotated[Filter, Depends(chosen)]


@dataclass(frozen=True, slots=True)
class Now:
    """What the version in force answers: its status, and the first words quoted or shown as related."""

    status: Status
    quote: str = ""
    href: str = ""
    title: str = ""


def now(engine: Engine, question: str, most: int = _QUOTE) -> Now:
    """What is answered to ``question`` at the moment, ``most`` code points of it."""
    answer = engine.ask(question)
    shown = (*answer.citations, *answer.related)
    if not shown:
        return Now(answer.status)
    first = shown[0]
    quote = first.quote if len(first.quote) <= most else f"{first.quote[:most]}…"
    href = transcript_href(first.transcript.id, first.span.start, first.span.end, answer.corpus)
    return Now(answer.status, quote, href, first.transcript.title)


def add_asked(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the questions and of what is said of their answers."""
    grouping = Grouping()
    _add_lists(router, room, guards, grouping)
    _add_group(router, room, guards, grouping)
    _add_feedback(router, room, guards)


def _add_lists(router: APIRouter, room: Room, guards: Guards, grouping: Grouping) -> None:
    @router.api_route(f"{PATH}/questions", methods=GET)
    def questions(wanted: Wanted, visitor: Visitor = guards.viewer) -> Response:
        since, until = wanted.span
        grouped = _grouped(room, grouping, wanted)
        shown: Paged[QuestionGroup] = paged(_chosen(grouped, wanted), wanted.page, _PAGE)
        return room.page(
            visitor,
            "questions.html",
            "questions",
            t=asked_wording,
            wanted=wanted,
            shown=shown,
            now={group.id: now(room.engine, group.text) for group in shown.rows},
            left=grouped.left,
            most=_MOST if sum(len(g.wordings) for g in grouped.groups) >= _MOST else None,
            bars=bars(room.records.questions.daily(since, until), since, until),
            noted=_noted(room.staff.notes.list(state=NoteState.OPEN)),
            body=_body,
            days=DAYS,
        )

    @router.api_route(f"{PATH}/questions.csv", methods=GET)
    def questions_csv(wanted: Wanted, _: Visitor = guards.viewer) -> Response:
        rows = _rows(_chosen(_grouped(room, grouping, wanted), wanted))
        return download(csv_bytes(rows), "questions.csv")

    @router.api_route(f"{PATH}/questions.xlsx", methods=GET)
    def questions_xlsx(wanted: Wanted, _: Visitor = guards.viewer) -> Response:
        rows = _rows(_chosen(_grouped(room, grouping, wanted), wanted))
        return download(workbook([(asked_wording.ASKED, rows)]), "questions.xlsx")


def _add_group(router: APIRouter, room: Room, guards: Guards, grouping: Grouping) -> None:
    @router.api_route(f"{PATH}/questions/{{group}}", methods=GET)
    def one_group(group: str, wanted: Wanted, visitor: Visitor = guards.viewer) -> Response:
        found = next((g for g in _grouped(room, grouping, wanted).groups if g.id == group), None)
        if found is None:
            raise StaffProblem(HTTPStatus.NOT_FOUND, asked_wording.GROUP_GONE)
        since, until = wanted.span
        daily = room.records.questions.daily(since, until, keys=found.keys)
        return room.page(
            visitor,
            "group.html",
            "questions",
            t=asked_wording,
            wanted=wanted,
            group=found,
            now=now(room.engine, found.text, 20 * _QUOTE),
            bars=bars(daily, since, until),
            noted=_noted(room.staff.notes.list(state=NoteState.OPEN)),
            body=_body,
        )


def _add_feedback(router: APIRouter, room: Room, guards: Guards) -> None:
    @router.api_route(f"{PATH}/feedback", methods=GET)
    def feedback(show: str = "", page: str = "", visitor: Visitor = guards.viewer) -> Response:
        helpful = {"helpful": True, "all": None}.get(show, False)
        number = page_number(page)
        said = room.records.feedback.newest(_FEEDBACK + 1, skip=(number - 1) * _FEEDBACK, helpful=helpful)
        shown = Paged(said[:_FEEDBACK], number, _FEEDBACK, len(said) > _FEEDBACK)
        named = room.records.questions.named([one.question_id for one in shown.rows])
        kind = show if show in ("helpful", "all") else "unhelpful"
        return room.page(
            visitor,
            "feedback.html",
            "feedback",
            shown=shown,
            about={entry.id: entry for entry in named},
            show=kind,
            address=lambda number: f"{PATH}/feedback?show={kind}&page={number}",
        )


def _grouped(room: Room, grouping: Grouping, wanted: Filter) -> Grouped:
    since, until = wanted.span
    return grouping.groups(room.engine, room.records.questions.wordings(since, until, _MOST))


def _chosen(grouped: Grouped, wanted: Filter) -> list[QuestionGroup]:
    return [group for group in grouped.groups if group.of(_SHOWN[wanted.show])]


def _body(group: QuestionGroup) -> str:
    """What a draft of a group begins with: its other wordings."""
    return draft_body(variants=[one.text for one in group.wordings[1:]])


def _rows(groups: Iterable[QuestionGroup]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [list(asked_wording.ASKED_COLUMNS)]
    for group in groups:
        others = f" {SEPARATOR} ".join(one.text for one in group.wordings[1:])
        last = wording.time(group.last)
        rows.append([group.text, others, group.count, group.unanswered, group.earlier, group.unhelpful, last])
    return rows


def _noted(notes: Iterable[Note]) -> Callable[[QuestionGroup], set[str]]:
    """Tells which kinds of open notes there are of a group."""
    found: dict[str, set[str]] = {}
    for note in notes:
        found.setdefault(group_key(note.question), set()).add(note.kind.value)
    return lambda group: {kind for key in group.keys for kind in found.get(key, ())}
