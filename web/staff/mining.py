"""The questions of the transcripts, offered as cases of the FAQ: taken, changed or left out by one click."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from qa.coverage.cases import FaqCase
from qa.coverage.columns import SEPARATOR
from qa.coverage.files import load_case_folder
from qa.coverage.mining import AskedThere, Covered, Proposal, asked_there, proposal
from qa.engine import Engine, faq_folder
from qa.errors import FaqError
from qa.language.personal import mask
from qa.wire import transcript_href
from web.records.model import NoteKind, NoteState
from web.records.questions import group_key
from web.staff import mining_wording
from web.staff.access import PATH, Visitor
from web.staff.choosing import named
from web.staff.drafts import draft_body, draft_case
from web.staff.notes import write_down
from web.staff.paging import page_number, paged
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_mining"]

_PAGE: Final = 10
_SHOWN: Final = ("open", "taken", "ignored", "all")
_LONGEST_REPLY: Final = 1200
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """Which questions are looked at: of one transcript or all, taken, ignored or neither, which page."""

    transcript: str = ""
    show: str = "open"
    page: int = 1

    def address(self, page: int) -> str:
        """Another page of the same, under the room."""
        own = {"transcript": self.transcript, "show": self.show, "page": page}
        return f"/mining?{urlencode(own)}"


def chosen(transcript: str = "", show: str = "", page: str = "") -> Filter:
    """What the address or the form asks for; nonsense is as usual."""
    return Filter(transcript.strip()[:_LONGEST], show if show in _SHOWN else "open", page_number(page))


def sent(
    transcript: Annotated[str, Form(alias="only")] = "",
    show: Annotated[str, Form()] = "",
    page: Annotated[str, Form()] = "",
) -> Filter:
    """As `chosen`, of a form."""
    return chosen(transcript, show, page)


@dataclass(frozen=True, slots=True)
class Typed:
    """What staff sent of one question."""

    id: str
    question: str = ""
    must: str = ""
    either: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A question as it is offered; ``error`` is why it could not be taken as it was typed."""

    asked: AskedThere
    typed: Typed
    state: str
    covered: FaqCase | None
    href: str
    reply: str
    error: str = ""


def add_mining(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the questions of the transcripts."""

    def page(visitor: Visitor, wanted: Filter, wrong: tuple[Typed, str] | None = None) -> Response:
        engine = room.engine
        states = _states(room)
        every = [
            one
            for one in asked_there(named(engine.transcripts.values(), wanted.transcript))
            if wanted.show == "all" or states.get(group_key(one.question), "open") == wanted.show
        ]
        shown = paged(every, wanted.page, _PAGE)
        covered = Covered(engine, _cases(engine)) if shown.rows else None
        return room.page(
            visitor,
            "mining.html",
            "mining",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
            t=mining_wording,
            wanted=wanted,
            shown=shown,
            cards=[_card(engine, one, states, covered, wrong) for one in shown.rows],
            total=len(every),
            transcripts=engine.transcripts.values(),
            states=_SHOWN,
            path=PATH,
        )

    @router.api_route(f"{PATH}/mining", methods=GET)
    def mining(wanted: Annotated[Filter, Depends(chosen)], visitor: Visitor = guards.viewer) -> Response:
        return page(visitor, wanted)

    @router.post(f"{PATH}/mining")
    def take(
        wanted: Annotated[Filter, Depends(sent)],
        id: Annotated[str, Form()],
        question: Annotated[str, Form()] = "",
        must: Annotated[str, Form()] = "",
        either: Annotated[str, Form()] = "",
        transcript: Annotated[str, Form()] = "",
        speaker: Annotated[str, Form()] = "",
        original: Annotated[str, Form()] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        body = draft_body(
            must=_lines(must),
            any_of=_lines(either.replace("｜", SEPARATOR).replace(SEPARATOR, "\n")),
            variants=[original] if group_key(original) != group_key(question) else [],
            transcript=transcript,
            speaker=speaker,
        )
        case, problems = draft_case(mask(question.strip()), body)
        if case is None:
            told = "；".join(f"{problem.column}：{problem.message}" for problem in problems)
            return page(visitor, wanted, (Typed(id, question, must, either), told))
        write_down(room, visitor, NoteKind.FAQ_DRAFT, case.question, mask(body))
        return seen(wanted.address(wanted.page))

    @router.post(f"{PATH}/mining/ignore")
    def ignore(
        wanted: Annotated[Filter, Depends(sent)],
        original: Annotated[str, Form(min_length=1, max_length=300)],
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        write_down(room, visitor, NoteKind.NOT_FAQ, mask(original), "")
        return seen(wanted.address(wanted.page))

    @router.post(f"{PATH}/mining/restore")
    def restore(
        wanted: Annotated[Filter, Depends(sent)],
        original: Annotated[str, Form(min_length=1, max_length=300)],
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        for note in room.staff.notes.list(kind=NoteKind.NOT_FAQ):
            if group_key(note.question) == group_key(original):
                room.staff.notes.remove(note.id)
                room.audit(visitor, "note.remove", note.id, note.kind.value)
        return seen(wanted.address(wanted.page))


def _states(room: Room) -> dict[str, str]:
    """What became of questions, by the key of their wording; of the others nothing did."""
    found: dict[str, str] = {}
    for note in room.staff.notes.list(kind=NoteKind.NOT_FAQ, state=NoteState.OPEN):
        found[group_key(note.question)] = "ignored"
    for note in room.staff.notes.list(kind=NoteKind.FAQ_DRAFT):
        case, _ = draft_case(note.question, note.body)
        for text in (note.question,) if case is None else case.asked:
            found[group_key(text)] = "taken"
    return found


def _cases(engine: Engine) -> tuple[FaqCase, ...]:
    try:
        return load_case_folder(faq_folder(engine.settings)).cases.cases
    except FaqError:  # a version without question sets: nothing is covered
        return ()


def _card(
    engine: Engine,
    asked: AskedThere,
    states: dict[str, str],
    covered: Covered | None,
    wrong: tuple[Typed, str] | None,
) -> Card:
    typed, error = wrong if wrong and wrong[0].id == asked.id else (None, "")
    if typed is None:
        found: Proposal = proposal(engine, asked)
        typed = Typed(asked.id, asked.question, "\n".join(found.all_of), SEPARATOR.join(found.any_of))
    span, reply = asked.span, asked.reply
    return Card(
        asked,
        typed,
        states.get(group_key(asked.question), "open"),
        covered.by(asked.question) if covered else None,
        transcript_href(asked.transcript.id, span.start, span.end, engine.corpus),
        reply if len(reply) <= _LONGEST_REPLY else f"{reply[:_LONGEST_REPLY]}…",
        error,
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
