"""Transcripts as they come in: sent, looked into apart from the server, put right, put in the draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from qa.errors import VersionError
from qa.transcripts.catalogue import METADATA_NAME
from qa.transcripts.formats import FORMATS, MOST_BYTES
from qa.transcripts.metadata import Metadata
from qa.versions.draft import Draft
from qa.versions.intake import Given, corrected
from qa.versions.lock import changing
from web.site import UPLOAD_BYTES
from web.staff import corpus_wording as wording
from web.staff.access import PATH, SESSION_COOKIE, StaffProblem, Visitor, check_origin, check_token
from web.staff.room import GET, Guards, Room, seen
from web.staff.upload_reading import UploadReading
from web.staff.uploads import MOST_FILES, Read, Upload, UploadStore

__all__ = ["add_uploads"]

_PAGE: Final = 50
"""Turns of a page."""
_LISTED: Final = 100
"""Words left out, or questions, that a page lists."""
_FIELDS: Final = 50
_REFRESH: Final = 3


@dataclass(frozen=True, slots=True)
class Preview:
    """What was understood of a file, as the page shows it, one page of its turns."""

    upload: Upload
    read: Read
    page: int

    @property
    def turns(self) -> list[tuple[int, str, str, str]]:
        """Number (from 1), kind, speaker and words of the turns of the page."""
        text, first = self.read.text, (self.page - 1) * _PAGE
        shown = []
        for number, turn in enumerate(self.read.turns[first : first + _PAGE], first + 1):
            words = text[turn.start : turn.end].strip()
            shown.append(
                (number, wording.turn(turn.kind, turn.speech, turn.replies_to), turn.speaker or "", words)
            )
        return shown

    @property
    def pages(self) -> int:
        """How many pages of turns there are."""
        return max(1, -(-len(self.read.turns) // _PAGE))

    @property
    def speakers(self) -> list[tuple[str, str, int]]:
        """Name, office and number of turns of everybody who speaks, in the order of their first."""
        spoke = Counter((turn.speaker, turn.office) for turn in self.read.turns if turn.speaker)
        return [(name or "", office or wording.OFFICE_UNKNOWN, n) for (name, office), n in spoke.items()]

    @property
    def asked(self) -> list[str]:
        """The questions asked."""
        text, turns = self.read.text, self.read.turns
        return [text[turn.start : turn.end].strip() for turn in turns if turn.kind == "question"]

    @property
    def date_basis(self) -> str:
        """How the date is known, in words."""
        assert self.read.metadata is not None
        date = self.read.metadata.date
        if date.value is None:
            return wording.DATE_UNKNOWN
        return (
            wording.DATE_INFERRED.format(words=date.source_words)
            if date.source_words
            else (wording.DATE_STATED)
        )


def _as_understood(metadata: Metadata) -> dict[str, str]:
    """What the form begins with."""
    return {
        "title": metadata.title,
        "date": metadata.date.value or "",
        "url": metadata.url or "",
        "publisher": metadata.publisher or "",
        "id": "",
        "replace": "",
    }


def add_uploads(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the files that are sent."""

    def store() -> UploadStore:
        return UploadStore(room.data.root)

    def ensure() -> None:
        UploadReading(room.data.root).ensure()

    def upload_of(id: str) -> Upload:
        found = store().find(id)
        if found is None:
            raise HTTPException(404)
        return found

    def listed(visitor: Visitor, error: str = "", *, more: bool = False) -> Response:
        ensure()
        return room.page(
            visitor,
            "uploads.html",
            "uploads",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            c=wording,
            uploads=(kept := store().list()),
            reading=any(one.read is None for one in kept),
            more=more or bool(error),
            error=error,
            hint=wording.UPLOAD_HINT.format(
                endings=" ".join(FORMATS),
                each=MOST_BYTES // 1_000_000,
                files=MOST_FILES,
                all=UPLOAD_BYTES // 1_000_000,
            ),
            accept=",".join(FORMATS),
            refresh=_REFRESH,
        )

    @router.api_route(f"{PATH}/uploads", methods=GET)
    def uploads(more: str = "", visitor: Visitor = guards.viewer) -> Response:
        return listed(visitor, more=more == "1")

    # The body is read here and not by the framework: only once it is known who sends it.
    @router.post(f"{PATH}/uploads")
    async def send(request: Request, visitor: Visitor = guards.editor) -> Response:
        check_origin(request)
        form = await _sent(request)
        try:
            check_token(str(form.get("form", "")), request.cookies.get(SESSION_COOKIE, ""))
            files = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
            return await run_in_threadpool(keep, visitor, files)
        finally:
            await form.close()

    def keep(visitor: Visitor, files: list[UploadFile]) -> Response:
        if not files:
            return listed(visitor, wording.UPLOAD_NONE)
        for file in files:
            added = store().add(file.filename or "", file.file.read(), visitor.account.name)
            room.audit(visitor, "upload.add", added.id, added.sent.name)
        ensure()
        return seen("/uploads")

    def preview(
        visitor: Visitor,
        upload: Upload,
        *,
        page: str = "1",
        fields: Mapping[str, str] | None = None,
        error: str = "",
        taken: bool = False,
        still: bool = False,
    ) -> Response:
        read = upload.read
        shown = None
        if read is not None and read.metadata is not None:
            number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
            shown = Preview(upload, read, 1)
            shown = Preview(upload, read, min(max(number, 1), shown.pages))
            fields = fields or _as_understood(read.metadata)
        elif read is None:
            ensure()
        return room.page(
            visitor,
            "upload.html",
            "uploads",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            c=wording,
            upload=upload,
            shown=shown,
            fields=fields or {},
            error=error,
            taken=taken,
            still=still,
            most=_LISTED,
            refresh=_REFRESH,
        )

    @router.api_route(f"{PATH}/uploads/{{upload}}", methods=GET)
    def look(upload: str, page: str = "1", still: str = "", visitor: Visitor = guards.viewer) -> Response:
        return preview(visitor, upload_of(upload), page=page, still=still == "1")

    @router.post(f"{PATH}/uploads/{{upload}}/store")
    def put(
        upload: str,
        title: Annotated[str, Form()] = "",
        date: Annotated[str, Form()] = "",
        url: Annotated[str, Form()] = "",
        publisher: Annotated[str, Form()] = "",
        id: Annotated[str, Form()] = "",
        replace: Annotated[str, Form()] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        found = upload_of(upload)
        typed = {"title": title, "date": date, "url": url, "publisher": publisher}
        fields = {**typed, "id": id, "replace": replace}
        metadata = None if found.read is None else found.read.metadata
        if metadata is None:
            return preview(visitor, found, error=wording.UPLOAD_NOT_READ)
        plain = {name: value.strip() or None for name, value in {**typed, "id": id}.items()}
        try:
            return stored(visitor, found, metadata, Given(**plain), replace=replace == "1")
        except VersionError as error:
            taken = error.code == "transcript_taken"
            return preview(visitor, found, fields=fields, error=error.message, taken=taken)

    def stored(
        visitor: Visitor, found: Upload, metadata: Metadata, given: Given, *, replace: bool
    ) -> Response:
        data, who = room.data, visitor.account.name
        with changing(data, who, wording.ADDING):
            draft = Draft.begun(data, room.settings, who)
            ids = draft.ids()
            id, known = corrected(metadata, given, ids)
            if id in ids and not replace:
                raise VersionError(wording.ID_TAKEN.format(id=id), code="transcript_taken")
            same = _holding(draft, known.source.sha256)
            if same is not None and same != id:
                raise VersionError(wording.SAME_FILE.format(id=same), code="transcript_same")
            draft.add(id, known, found.source.read_bytes())
        room.audit(visitor, "draft.add", id, f"《{known.title}》", after=f"sha256:{known.source.sha256}")
        store().remove(found.id)
        return seen("/draft")

    @router.post(f"{PATH}/uploads/{{upload}}/discard")
    def discard(upload: str, visitor: Visitor = guards.editor_sends) -> Response:
        found = upload_of(upload)
        store().remove(found.id)
        room.audit(visitor, "upload.discard", found.id, found.sent.name)
        return seen("/uploads")


async def _sent(request: Request) -> FormData:
    """The form, read as far as it may be.

    Raises:
        StaffProblem: it holds too much, or was cut off.
    """
    try:
        return await request.form(max_files=MOST_FILES, max_fields=_FIELDS)
    except HTTPException as error:
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            title, detail = wording.UPLOAD_HUGE
            told = (title, detail.format(most=UPLOAD_BYTES // 1_000_000))
            raise StaffProblem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, told) from error
        if "Too many files" in error.detail:
            told = (wording.UPLOAD_BROKEN[0], wording.UPLOAD_MANY.format(most=MOST_FILES))
            raise StaffProblem(HTTPStatus.UNPROCESSABLE_ENTITY, told) from error
        raise StaffProblem(HTTPStatus.UNPROCESSABLE_ENTITY, wording.UPLOAD_BROKEN) from error


def _holding(draft: Draft, sha256: str) -> str | None:
    """The transcript of a draft that was read from the file with that digest."""
    wanted = sha256.encode()
    for id in sorted(draft.ids()):
        described = draft.transcripts / id / METADATA_NAME
        if described.is_file() and wanted in described.read_bytes():
            return id
    return None
