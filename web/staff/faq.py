"""The question sets: what is asked when the service is checked, and new cases put into the draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response

from qa.coverage import wording as columns
from qa.coverage.case_yaml import with_case, without_case
from qa.coverage.cases import CaseSet, FaqCase, same_words
from qa.coverage.columns import read_row
from qa.coverage.files import CaseFile, load_case_folder, read_cases
from qa.coverage.rows import expected_words
from qa.errors import CorpusError, FaqError, VersionError
from qa.language.personal import mask
from qa.model import Citation
from qa.questions import load_questions
from qa.text import fold
from qa.versions.draft import Draft
from qa.versions.lock import changing
from qa.versions.storing import current_folder
from web.records.errors import RecordsInvalid
from web.records.model import Note, NoteKind, NoteState
from web.staff import faq_wording as wording
from web.staff.access import PATH, Visitor
from web.staff.drafts import draft_case
from web.staff.publishing import file_digest
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_faq"]

_OWN: Final = "faq/room.yaml"
"""The cases that were written here."""
_OFFERED: Final = "faq/common.yaml"
"""The questions offered to residents."""
_HEAD: Final = "# Cases written in the staff's room.\n"
_PAGE: Final = 50
_LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class _Typed:
    """What somebody typed on the form."""

    question: str = ""
    variants: str = ""
    all_of: str = ""
    any_of: str = ""
    refuse: bool = False
    transcript: str = ""
    speaker: str = ""
    topic: str = ""
    owner: str = ""
    offer: bool = False
    note: str = ""

    def cells(self, quotes: Sequence[str]) -> dict[str, object]:
        """As the cells of a row; ``quotes`` must stand in the answer, too."""
        return {
            "question": self.question,
            "variants": _lines(self.variants),
            "all_of": list(dict.fromkeys((*_lines(self.all_of), *quotes))),
            "any_of": _lines(self.any_of),
            "refuse": "是" if self.refuse else "",
            "transcript": self.transcript,
            "speaker": self.speaker,
            "topic": self.topic,
            "owner": self.owner,
        }


def _noted(note: Note) -> _Typed:
    """A draft that was written down, as it stands on the form; as one text where it cannot be read."""
    case, _ = draft_case(note.question, note.body)
    if case is None:
        return _Typed(question=note.question, all_of=note.body, note=note.id)
    return _Typed(
        question=case.question,
        variants="\n".join(case.variants),
        all_of="\n".join(case.all_of),
        any_of="\n".join(case.any_of),
        refuse=case.refuse,
        transcript=case.transcript or "",
        speaker=case.speaker or "",
        topic=case.topic or "",
        owner=case.owner or "",
        note=note.id,
    )


def add_faq(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the question sets."""

    def listed(visitor: Visitor, find: str = "", page: str = "1", error: str = "") -> Response:
        folder = _folder(room)
        held = _held(folder)
        wanted = fold(find.strip())
        found = [case for case in held.cases.cases if wanted in fold(_searched(case))]
        pages = max(1, -(-len(found) // _PAGE))
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        number = min(max(number, 1), pages)
        return room.page(
            visitor,
            "faq.html",
            "faq",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            q=wording,
            cases=found[(number - 1) * _PAGE : number * _PAGE],
            count=len(found),
            expected=expected_words,
            same=same_words,
            problems=[problem for problem in held.problems if not problem.note],
            offered=frozenset(question.question for question in room.engine.offered),
            own=_own(folder),
            drafted=Draft.exists(room.data),
            find=find[:100],
            page=number,
            pages=pages,
            error=error,
        )

    @router.api_route(f"{PATH}/faq", methods=GET)
    def faq(find: str = "", page: str = "1", visitor: Visitor = guards.viewer) -> Response:
        return listed(visitor, find, page)

    def form(visitor: Visitor, typed: _Typed, errors: Mapping[str, str]) -> Response:
        quotes: tuple[Citation, ...] = ()
        if typed.question.strip() and not errors:
            quotes = room.engine.ask(typed.question.strip()).citations
        return room.page(
            visitor,
            "faq_new.html",
            "faq",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
            q=wording,
            typed=typed,
            errors=errors,
            quotes=quotes,
            asked=bool(typed.question.strip()) and not errors,
            longest=_LONGEST,
        )

    @router.api_route(f"{PATH}/faq/new", methods=GET)
    def new(note: str = "", visitor: Visitor = guards.editor) -> Response:
        found = _note(room, note)
        if found is None:
            return form(visitor, _Typed(), {"": wording.NOTE_GONE} if note else {})
        return form(visitor, _noted(found), {})

    @router.post(f"{PATH}/faq")
    def add(
        question: Annotated[str, Form()] = "",
        variants: Annotated[str, Form()] = "",
        all_of: Annotated[str, Form()] = "",
        any_of: Annotated[str, Form()] = "",
        refuse: Annotated[str, Form()] = "",
        transcript: Annotated[str, Form()] = "",
        speaker: Annotated[str, Form()] = "",
        topic: Annotated[str, Form()] = "",
        owner: Annotated[str, Form()] = "",
        offer: Annotated[str, Form()] = "",
        note: Annotated[str, Form()] = "",
        quote: Annotated[list[str] | None, Form()] = None,
        act: Annotated[str, Form()] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        typed = _Typed(
            question=mask(question[:_LONGEST]),
            variants=mask(variants[:_LONGEST]),
            all_of=all_of[:_LONGEST],
            any_of=any_of[:_LONGEST],
            refuse=refuse == "1",
            transcript=transcript[:100],
            speaker=speaker[:100],
            topic=topic[:100],
            owner=owner[:100],
            offer=offer == "1",
            note=note,
        )
        case, problems = read_row(typed.cells(quote or []), wording.FAQ, "", columns.COLUMNS)
        errors = {_field(problem.column): problem.message for problem in problems if not problem.note}
        if act == "look":
            told = {name: message for name, message in errors.items() if name == "question"}
            return form(visitor, typed, told)
        if case is None:
            return form(visitor, typed, errors)
        try:
            before, after = _add(room, visitor, case, offered=typed.offer)
        except (CorpusError, VersionError) as error:
            return form(visitor, typed, {"": error.message})
        room.audit(visitor, "draft.faq", case.question, before=before, after=after)
        found = _note(room, note)
        if found is not None:
            _done(room, visitor, found)
        return seen("/draft")

    @router.post(f"{PATH}/faq/remove")
    def remove(question: Annotated[str, Form()] = "", visitor: Visitor = guards.editor_sends) -> Response:
        data, who = room.data, visitor.account.name
        try:
            with changing(data, who, wording.WRITING):
                path = _folder(room) / _OWN
                if not path.is_file() or same_words(question) not in _own(_folder(room)):
                    return listed(visitor, error=wording.NOT_OURS)
                draft = Draft.begun(data, room.settings, who)
                path, before = draft.folder / _OWN, file_digest(draft.folder / _OWN)
                draft.write(_OWN, without_case(path.read_bytes(), question), lambda: None)
                after = file_digest(path)
        except VersionError as error:
            return listed(visitor, error=error.message)
        room.audit(visitor, "draft.faq", question, before=before, after=after)
        return seen("/draft")


def _folder(room: Room) -> Path:
    """The draft where there is one, or else the version in force."""
    return room.data.draft if Draft.exists(room.data) else current_folder(room.data)


def _held(folder: Path) -> CaseFile:
    """The cases of a corpus folder; none where it has none."""
    try:
        return load_case_folder(folder / "faq")
    except FaqError as error:
        if error.code != "faq_empty":
            raise
        return CaseFile(CaseSet.of(()))


def _own(folder: Path) -> frozenset[str]:
    """The questions of the cases that were written here, as they are compared."""
    path = folder / _OWN
    return frozenset(same_words(one.question) for one in _held_in(path)) if path.is_file() else frozenset()


def _held_in(path: Path) -> tuple[FaqCase, ...]:
    try:
        return read_cases(path).cases.cases
    except FaqError as error:
        if error.code != "faq_empty":
            raise
        return ()


def _add(room: Room, visitor: Visitor, case: FaqCase, *, offered: bool) -> tuple[str | None, str | None]:
    """Puts a case into the draft; the digests of its file before and after.

    Raises:
        VersionError: if its question is there already, or somebody else is at work.
    """
    data, who = room.data, visitor.account.name
    name = _OFFERED if offered else _OWN
    with changing(data, who, wording.WRITING):
        draft = Draft.begun(data, room.settings, who)
        known = {same_words(text) for one in _held(draft.folder).cases.cases for text in one.asked}
        if known & {same_words(text) for text in case.asked}:
            raise VersionError(wording.TWICE, code="case_twice")
        path = draft.folder / name
        before = file_digest(path)
        held = path.read_bytes() if path.is_file() else _HEAD.encode()

        def check() -> None:
            load_case_folder(draft.folder / "faq")
            load_questions(draft.folder / "faq")

        draft.write(name, with_case(held, case), check)
        return before, file_digest(path)


def _note(room: Room, id: str) -> Note | None:
    """A draft for the question set that is still open."""
    open_ones = room.staff.notes.list(kind=NoteKind.FAQ_DRAFT, state=NoteState.OPEN) if id else ()
    return next((note for note in open_ones if note.id == id), None)


def _done(room: Room, visitor: Visitor, note: Note) -> None:
    try:
        room.staff.notes.change(note.id, state=NoteState.DONE)
    except RecordsInvalid:
        return  # somebody deleted it meanwhile
    room.audit(visitor, "note.change", note.id, NoteState.DONE.value)


def _searched(case: FaqCase) -> str:
    return " ".join((*case.asked, case.topic or "", case.owner or ""))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _field(column: str | None) -> str:
    """The field of a column, as the form names it."""
    return next((field for field, name in columns.COLUMNS.items() if name == column), "")
