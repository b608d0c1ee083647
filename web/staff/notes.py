"""What staff wrote down about questions: drafts for the FAQ, and questions that need a briefing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from qa.coverage.cases import FaqCase
from qa.coverage.exports import cases_csv, cases_workbook
from qa.language.personal import mask
from qa.wire import check_question
from web.records.model import Note, NoteKind, NoteState
from web.records.questions import group_key
from web.staff import wording
from web.staff.access import PATH, Visitor
from web.staff.downloads import download
from web.staff.drafts import draft_case
from web.staff.paging import page_number, paged
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_notes", "drafted", "write_down"]

_LONGEST: Final = 4000
"""Characters of a note."""
_PAGE: Final = 30
_BACK: Final = re.compile(r"/questions(/[0-9a-f]{12})?(\?[a-z0-9_=&-]*)?", re.ASCII)
"""The pages that a note may be written from, and that come again afterwards."""


def drafted(notes: Iterable[Note]) -> Iterator[FaqCase]:
    """The drafts as cases; what contradicts itself is left out."""
    for note in notes:
        case, _ = draft_case(note.question, note.body)
        if case is not None:
            yield case


def write_down(room: Room, visitor: Visitor, kind: NoteKind, question: str, body: str) -> None:
    """Adds a note of a masked question, unless there is an open one of that kind."""
    known = room.staff.notes.list(kind=kind, state=NoteState.OPEN)
    if group_key(question) not in {group_key(note.question) for note in known}:
        note = room.staff.notes.add(kind, question, body, visitor.account.name)
        room.audit(visitor, "note.add", note.id, kind.value)


def add_notes(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the notes."""

    def page(
        visitor: Visitor, show: str, number: int, typed: str = "", wrong: tuple[str, str] | None = None
    ) -> Response:
        """The list; ``wrong`` names a note that cannot be as it was ``typed``, and why."""
        state = NoteState.DONE if show == NoteState.DONE else NoteState.OPEN
        every = [note for note in room.staff.notes.list(state=state) if note.kind is not NoteKind.NOT_FAQ]
        return room.page(
            visitor,
            "notes.html",
            "notes",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
            shown=paged(every, number, _PAGE),
            show=state.value,
            longest=_LONGEST,
            typed=typed,
            wrong=wrong,
            address=lambda number: f"{PATH}/notes?show={state.value}&page={number}",
        )

    @router.api_route(f"{PATH}/notes", methods=GET)
    def notes(
        show: str = "open",
        number: Annotated[str, Query(alias="page")] = "",
        visitor: Visitor = guards.viewer,
    ) -> Response:
        return page(visitor, show, page_number(number))

    @router.post(f"{PATH}/notes")
    def add(
        question: Annotated[str, Form()],
        kind: Annotated[NoteKind, Form()],
        body: Annotated[str, Form(max_length=_LONGEST)] = "",
        back: Annotated[str, Form()] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        draft = kind is NoteKind.FAQ_DRAFT
        write_down(room, visitor, kind, mask(check_question(question)), mask(body) if draft else "")
        return seen(back if _BACK.fullmatch(back) else "/notes")

    @router.post(f"{PATH}/notes/change")
    def change(
        note: Annotated[str, Form()],
        state: Annotated[NoteState, Form()],
        body: Annotated[str, Form()] = "",
        show: Annotated[str, Form()] = "open",
        number: Annotated[str, Form(alias="page")] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        wrong = _wrong(room, note, body)
        if wrong:
            return page(visitor, show, page_number(number), body, (note, wrong))
        changed = room.staff.notes.change(note, body=mask(body), state=state)
        room.audit(visitor, "note.change", changed.id, changed.state.value)
        kept = NoteState.DONE if show == NoteState.DONE else NoteState.OPEN
        return seen(f"/notes?show={kept.value}&page={page_number(number)}")

    _add_drafts(router, room, guards)


def _wrong(room: Room, note_id: str, body: str) -> str:
    """Why a note cannot be as it was written; empty where it can."""
    if len(body) > _LONGEST:
        return wording.NOTE_LONG.format(most=_LONGEST)
    note = next((note for note in room.staff.notes.list() if note.id == note_id), None)
    if note is None or note.kind is not NoteKind.FAQ_DRAFT:
        return ""
    _, problems = draft_case(note.question, body)
    return "；".join(f"{problem.column}：{problem.message}" for problem in problems if not problem.note)


def _add_drafts(router: APIRouter, room: Room, guards: Guards) -> None:
    def drafts() -> list[FaqCase]:
        return list(drafted(room.staff.notes.list(kind=NoteKind.FAQ_DRAFT, state=NoteState.OPEN)))

    @router.api_route(f"{PATH}/drafts.csv", methods=GET)
    def drafts_csv(_: Visitor = guards.viewer) -> Response:
        return download(cases_csv(drafts()), "faq.csv")

    @router.api_route(f"{PATH}/drafts.xlsx", methods=GET)
    def drafts_xlsx(_: Visitor = guards.viewer) -> Response:
        return download(cases_workbook(drafts()), "faq.xlsx")
