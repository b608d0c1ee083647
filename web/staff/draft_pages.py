"""The draft: what it changes, what that does to the answers, and making it the version in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from qa.coverage.sheets import csv_bytes
from qa.coverage.workbooks import Cell, workbook
from qa.errors import VersionError
from qa.versions.difference import differences
from qa.versions.draft import Draft
from qa.versions.layout import read_state, short
from qa.versions.lock import changing
from qa.versions.storing import current_folder
from web.staff import corpus_wording as wording
from web.staff.access import PATH, Visitor
from web.staff.downloads import download
from web.staff.examination import Answered, ChangedAnswer, Examination, Examinations, draft_digest
from web.staff.publishing import current_name, publish
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_draft"]

_LISTED: Final = 100
"""Changed answers that the page lists."""
_REFRESH: Final = 3
_LONGEST_WHY: Final = 500


def add_draft(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the draft."""

    def page(
        visitor: Visitor, error: str = "", *, why: str = "", overrule: bool = False, still: bool = False
    ) -> Response:
        data = room.data
        draft = Draft.opened(data) if Draft.exists(data) else None
        current = current_name(read_state(data))
        return room.page(
            visitor,
            "draft.html",
            "draft",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            c=wording,
            draft=draft,
            behind=draft is not None and draft.record.base != current,
            current=current,
            changes=() if draft is None else differences(current_folder(data), draft.folder),
            state=None if draft is None else Examinations(data.root).state(),
            follows=room.follows,
            short=short,
            most=_LISTED,
            refresh=_REFRESH,
            still=still,
            error=error,
            why=why,
            overrule=overrule,
            longest=_LONGEST_WHY,
        )

    def found() -> Examination:
        state = Examinations(room.data.root).state()
        if state is None or state.found is None:
            raise HTTPException(404)
        return state.found

    @router.api_route(f"{PATH}/draft", methods=GET)
    def draft(still: str = "", visitor: Visitor = guards.viewer) -> Response:
        return page(visitor, still=still == "1")

    @router.post(f"{PATH}/draft/revert")
    def revert(
        part: Annotated[str, Form()] = "",
        name: Annotated[str, Form()] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        data = room.data
        try:
            with changing(data, visitor.account.name, wording.REVERTING):
                held = Draft.opened(data) if Draft.exists(data) else None
                base = current_folder(data)
                # Only what differs: anything else would be a path.
                known = () if held is None else differences(base, held.folder)
                if held is None or not any((one.part, one.name) == (part, name) for one in known):
                    return page(visitor, wording.REVERTED_ALREADY)
                before = draft_digest(data)
                held.revert(part, name, base)
                after = draft_digest(data)
        except VersionError as error:
            return page(visitor, error.message)
        room.audit(visitor, "draft.revert", f"{part}/{name}", before=before, after=after)
        return seen("/draft")

    @router.post(f"{PATH}/draft/discard")
    def discard(sure: Annotated[str, Form()] = "", visitor: Visitor = guards.editor_sends) -> Response:
        data = room.data
        if sure != "1":
            return page(visitor, wording.DISCARD_TICK)
        try:
            with changing(data, visitor.account.name, wording.DISCARDING):
                if not Draft.exists(data):
                    return page(visitor, wording.NO_DRAFT)
                before = draft_digest(data)
                Draft.discard(data)
                Examinations(data.root).forget()
        except VersionError as error:
            return page(visitor, error.message)
        room.audit(visitor, "draft.discard", "draft", before=before)
        return seen("/draft")

    @router.post(f"{PATH}/draft/check")
    def check(visitor: Visitor = guards.editor_sends) -> Response:
        if not Draft.exists(room.data):
            return page(visitor, wording.NO_DRAFT)
        if Examinations(room.data.root).start(visitor.account.name):
            room.audit(visitor, "draft.check", "draft", after=draft_digest(room.data))
        return seen("/draft")

    @router.post(f"{PATH}/draft/publish")
    def publish_draft(
        why: Annotated[str, Form()] = "",
        overrule: Annotated[str, Form()] = "",
        visitor: Visitor = guards.admin_sends,
    ) -> Response:
        plain, over = why.strip()[:_LONGEST_WHY], overrule == "1"
        try:
            publish(room, visitor, plain, overrule=over)
        except VersionError as error:
            return page(visitor, error.message, why=why, overrule=over)
        return seen("/versions")

    @router.api_route(f"{PATH}/draft/answers.csv", methods=GET)
    def answers_csv(_: Visitor = guards.viewer) -> Response:
        return download(csv_bytes(_rows(found().changes)), "answers.csv")

    @router.api_route(f"{PATH}/draft/answers.xlsx", methods=GET)
    def answers_xlsx(_: Visitor = guards.viewer) -> Response:
        return download(workbook([(wording.EXAMINE, _rows(found().changes))]), "answers.xlsx")


def _rows(changes: Sequence[ChangedAnswer]) -> Iterator[Sequence[Cell]]:
    yield wording.ANSWER_COLUMNS
    for one in changes:
        yield (wording.CHANGES[one.change], one.asked, _told(one.before), _told(one.after))


def _told(answered: Answered | None) -> str:
    if answered is None:
        return wording.ANSWER_NOT_ASKED
    return "".join(f"“{words}”" for words in answered.words) or wording.ANSWER_NONE
