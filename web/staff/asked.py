"""The questions asked, grouped and counted, and what residents say of the answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from qa.coverage.sheets import csv_bytes
from qa.coverage.workbooks import Cell, workbook
from qa.model import Status
from web.records.model import DayCount, Note, NoteState, QuestionGroup, day_of, utc_now
from web.records.questions import group_key
from web.staff import wording
from web.staff.access import PATH, Visitor
from web.staff.downloads import download
from web.staff.room import GET, Guards, Room

__all__ = ["Bar", "Filter", "add_asked", "bars"]

DAYS: Final = (7, 30, 90)
UNANSWERED: Final = (Status.NO_ANSWER, Status.RELATED)
_SHOWN: Final[Mapping[str, Collection[Status]]] = {
    "unanswered": UNANSWERED,
    "all": (),
    **{status.value: (status,) for status in Status},
}
_PAGE: Final = 50
_MOST: Final = 10_000
"""Rows of a download."""
_WIDTH, _HEIGHT = 720.0, 120.0
_LONGEST_PAGE: Final = 6


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
    def statuses(self) -> Collection[Status]:
        """The outcomes shown; none means all."""
        return _SHOWN[self.show]

    def address(self, page: int) -> str:
        """The address of another page of the same."""
        return f"{PATH}/questions?days={self.days}&show={self.show}&page={page}"


_USUAL: Final = Filter()


def chosen(days: str = "", show: str = "", page: str = "") -> Filter:
    """What the address asks for; what it does not say, or says wrongly, is as usual."""
    plain = page.isascii() and page.isdigit() and len(page) <= _LONGEST_PAGE
    return Filter(
        days=int(days) if days in {str(known) for known in DAYS} else _USUAL.days,
        show=show if show in _SHOWN else _USUAL.show,
        page=max(1, int(page)) if plain else 1,
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the chart: how many were answered and how many were not, and where they are drawn."""

    day: date
    answered: int
    others: int
    x: float
    width: float
    top: float
    middle: float
    bottom: float


def bars(counts: Collection[DayCount], since: date, until: date) -> tuple[Bar, ...]:
    """A bar for every day from ``since`` to ``until``, those without questions, too."""
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    answered = dict.fromkeys(days, 0)
    others = dict.fromkeys(days, 0)
    for one in counts:
        kept = answered if one.status is Status.ANSWERED else others
        kept[one.day] = kept.get(one.day, 0) + one.count
    most = max(1, *(answered[day] + others[day] for day in days))
    step = _WIDTH / len(days)
    made = []
    for number, day in enumerate(days):
        middle = _HEIGHT * (1 - answered[day] / most)
        top = middle - _HEIGHT * others[day] / most
        place = (round(number * step, 2), round(step * 0.8, 2), round(top, 2), round(middle, 2), _HEIGHT)
        made.append(Bar(day, answered[day], others[day], *place))
    return tuple(made)


def add_asked(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the lists."""

    @router.api_route(f"{PATH}/questions", methods=GET)
    def questions(wanted: Annotated[Filter, Depends(chosen)], visitor: Visitor = guards.viewer) -> Response:
        since, until = wanted.span
        found = _groups(room, wanted, _PAGE + 1, (wanted.page - 1) * _PAGE)
        return room.page(
            visitor,
            "questions.html",
            "questions",
            wanted=wanted,
            groups=found[:_PAGE],
            more=len(found) > _PAGE,
            bars=bars(room.records.questions.daily(since, until), since, until),
            noted=_noted(room.staff.notes.list(state=NoteState.OPEN)),
            days=DAYS,
        )

    @router.api_route(f"{PATH}/questions.csv", methods=GET)
    def questions_csv(wanted: Annotated[Filter, Depends(chosen)], _: Visitor = guards.viewer) -> Response:
        return download(csv_bytes(_rows(_groups(room, wanted, _MOST, 0))), "questions.csv")

    @router.api_route(f"{PATH}/questions.xlsx", methods=GET)
    def questions_xlsx(wanted: Annotated[Filter, Depends(chosen)], _: Visitor = guards.viewer) -> Response:
        rows = _rows(_groups(room, wanted, _MOST, 0))
        return download(workbook([(wording.ASKED, rows)]), "questions.xlsx")

    @router.api_route(f"{PATH}/feedback", methods=GET)
    def feedback(show: str = "", visitor: Visitor = guards.viewer) -> Response:
        helpful = {"helpful": True, "all": None}.get(show, False)
        said = room.records.feedback.newest(_PAGE * 4, helpful=helpful)
        about = {entry.id: entry for entry in room.records.questions.named([one.question_id for one in said])}
        rows = [(one, about.get(one.question_id)) for one in said]
        shown = show if show in ("helpful", "all") else "unhelpful"
        return room.page(visitor, "feedback.html", "feedback", rows=rows, show=shown)


def _groups(room: Room, wanted: Filter, limit: int, skip: int) -> tuple[QuestionGroup, ...]:
    since, until = wanted.span
    return room.records.questions.grouped(since, until, statuses=wanted.statuses, limit=limit, skip=skip)


def _rows(groups: Collection[QuestionGroup]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [list(wording.ASKED_COLUMNS)]
    for group in groups:
        rows.append([group.text, group.count, group.earlier, group.unhelpful, wording.time(group.last)])
    return rows


def _noted(notes: Collection[Note]) -> dict[str, set[str]]:
    """Which kinds of open notes there are of a group of questions."""
    found: dict[str, set[str]] = {}
    for note in notes:
        found.setdefault(group_key(note.question), set()).add(note.kind.value)
    return found
