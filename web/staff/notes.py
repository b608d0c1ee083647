"""What staff wrote down about questions: drafts for the FAQ, and questions that need a briefing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response

from qa.coverage.cases import FaqCase, case_id
from qa.coverage.exports import cases_csv, cases_workbook
from qa.language.personal import mask
from qa.wire import check_question
from web.records.model import Note, NoteKind, NoteState
from web.records.questions import group_key
from web.staff.access import PATH, Visitor
from web.staff.asked import chosen
from web.staff.downloads import download
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_notes", "drafted"]

_LONGEST: Final = 4000
"""Characters of a note."""


def drafted(notes: Iterable[Note]) -> Iterator[FaqCase]:
    """The drafts as cases: each line of a draft is what the answer must hold."""
    for note in notes:
        words = tuple(line.strip() for line in note.body.splitlines() if line.strip())
        yield FaqCase(case_id(note.question), note.question, all_of=words)


def add_notes(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the notes."""

    def drafts() -> list[FaqCase]:
        return list(drafted(room.staff.notes.list(kind=NoteKind.FAQ_DRAFT, state=NoteState.OPEN)))

    @router.api_route(f"{PATH}/notes", methods=GET)
    def notes(show: str = "open", visitor: Visitor = guards.viewer) -> Response:
        state = NoteState.DONE if show == "done" else NoteState.OPEN
        found = room.staff.notes.list(state=state)
        return room.page(visitor, "notes.html", "notes", notes=found, show=state.value, longest=_LONGEST)

    @router.post(f"{PATH}/notes")
    def add(
        question: Annotated[str, Form()],
        kind: Annotated[NoteKind, Form()],
        days: Annotated[str, Form()] = "",
        show: Annotated[str, Form()] = "",
        page: Annotated[str, Form()] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        asked = mask(check_question(question))
        known = room.staff.notes.list(kind=kind, state=NoteState.OPEN)
        if group_key(asked) not in {group_key(note.question) for note in known}:
            note = room.staff.notes.add(kind, asked, "", visitor.account.name)
            room.audit(visitor, "note.add", note.id, kind.value)
        if not (days or show or page):
            return seen("/notes")
        wanted = chosen(days, show, page)
        return seen(wanted.address(wanted.page).removeprefix(PATH))

    @router.post(f"{PATH}/notes/change")
    def change(
        note: Annotated[str, Form()],
        state: Annotated[NoteState, Form()],
        body: Annotated[str, Form(max_length=_LONGEST)] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        changed = room.staff.notes.change(note, body=mask(body), state=state)
        room.audit(visitor, "note.change", changed.id, changed.state.value)
        return seen("/notes")

    @router.api_route(f"{PATH}/drafts.csv", methods=GET)
    def drafts_csv(_: Visitor = guards.viewer) -> Response:
        return download(cases_csv(drafts()), "faq.csv")

    @router.api_route(f"{PATH}/drafts.xlsx", methods=GET)
    def drafts_xlsx(_: Visitor = guards.viewer) -> Response:
        return download(cases_workbook(drafts()), "faq.xlsx")
