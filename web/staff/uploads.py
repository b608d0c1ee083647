"""Files that were sent to become transcripts, from the moment they came until they are stored or thrown away.

::

    DIR/room/uploads/<id>/upload.json    who sent what, when
    DIR/room/uploads/<id>/file/<name>    the file, under its own name
    DIR/room/uploads/<id>/read.json      what was understood of it, or why it cannot be read

Nothing of it decides answers: a file does so once it is stored in the draft and that is published.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.errors import TranscriptError, VersionError
from qa.model import Speech, TurnKind
from qa.transcripts.description import LeftOutKind
from qa.transcripts.formats import check_size
from qa.transcripts.metadata import Metadata
from qa.versions.doubts import DoubtKind
from qa.versions.files import place, remove_folder, replace_file, storing, write_file
from qa.versions.intake import Proposal
from qa.versions.layout import now
from web.records.model import new_id
from web.staff import corpus_wording as wording

__all__ = ["MOST_FILES", "MOST_KEPT", "Read", "ReadTurn", "Sent", "Upload", "UploadStore", "read_of"]

MOST_FILES: Final = 20
"""Files of one form."""
MOST_KEPT: Final = 100
"""Files that may wait to be stored or thrown away."""
_ID: Final = re.compile(r"[0-9a-f]{32}")
_NAME: Final = 60
"""Characters of a file's name that are kept, the ending among them: no file system finds it too long."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Sent(_Kept):
    """A file as it was sent. ``size`` is in bytes; ``when`` an ISO 8601 time in UTC."""

    name: str
    who: str
    when: str
    size: int


class ReadTurn(_Kept):
    """A turn as it was understood; ``start`` and ``end`` count code points of the reading text.

    ``replies_to`` is the number of the turn it answers, from 0.
    """

    start: int
    end: int
    kind: TurnKind
    speech: Speech
    speaker: str | None = None
    office: str | None = None
    replies_to: int | None = None


class ReadDoubt(_Kept):
    """A doubt, and what it is about."""

    kind: DoubtKind
    about: str = ""


class ReadLeft(_Kept):
    """Words that are not read, and why; ``place`` is the page or paragraph."""

    kind: LeftOutKind
    text: str
    place: int | None = None


class Read(_Kept):
    """What was understood of a file, or ``problem``: why it cannot be read, and what to do.

    ``compared`` is why it could not be compared with the transcripts that are there; empty if it was.
    """

    problem: str = ""
    metadata: Metadata | None = None
    id: str = ""
    text: str = ""
    turns: tuple[ReadTurn, ...] = ()
    doubts: tuple[ReadDoubt, ...] = ()
    left_out: tuple[ReadLeft, ...] = ()
    compared: str = ""


def read_of(proposal: Proposal, doubts: Sequence[ReadDoubt] = (), compared: str = "") -> Read:
    """What was understood, as it is kept; ``doubts`` are further ones."""
    own = tuple(ReadDoubt(kind=doubt.kind, about=doubt.about) for doubt in proposal.doubts)
    turns = (
        ReadTurn(
            start=turn.span.start,
            end=turn.span.end,
            kind=turn.kind,
            speech=turn.speech,
            speaker=turn.speaker.name if turn.speaker else None,
            office=turn.speaker.office if turn.speaker else None,
            replies_to=turn.replies_to,
        )
        for turn in proposal.transcript.turns
    )
    left = proposal.described.left_out
    return Read(
        metadata=proposal.metadata,
        id=proposal.id,
        text=proposal.transcript.text,
        turns=tuple(turns),
        doubts=(*own, *doubts),
        left_out=tuple(ReadLeft(kind=one.kind, text=one.text, place=one.place) for one in left),
        compared=compared,
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent; ``read`` is None until it was looked into."""

    id: str
    sent: Sent
    read: Read | None
    source: Path


class UploadStore:
    """The files that were sent and not yet stored in the draft, below a data directory."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "room" / "uploads"
        self._data = data

    def add(self, name: str, content: bytes, who: str) -> Upload:
        """Keeps a file. One that is too large is known by its name and what is wrong with it only.

        Raises:
            VersionError: if there are too many already, or it cannot be written.
        """
        if len(self.ids()) >= MOST_KEPT:
            message = wording.TOO_MANY_KEPT.format(most=MOST_KEPT)
            raise VersionError(message, code="uploads_full", detail=str(self.folder))
        plain = _plain_name(name)
        sent = Sent(name=plain, who=who, when=now(), size=len(content))
        try:
            check_size(len(content), plain)
            read = None
        except TranscriptError as error:
            content, read = b"", Read(problem=error.message)
        id, stage = new_id(), self.folder / f".new-{new_id()}"
        with storing(self._data):
            write_file(stage / "file" / plain, content)
            write_file(stage / "upload.json", sent.model_dump_json().encode())
            if read is not None:
                write_file(stage / "read.json", read.model_dump_json(by_alias=True).encode())
            place(stage, self.folder / id)
        return Upload(id, sent, read, self.folder / id / "file" / plain)

    def ids(self) -> tuple[str, ...]:
        """The ids of all files that are kept."""
        if not self.folder.is_dir():
            return ()
        return tuple(path.name for path in self.folder.iterdir() if _ID.fullmatch(path.name))

    def list(self) -> tuple[Upload, ...]:
        """All files, the newest first."""
        found = [upload for id in self.ids() if (upload := self.find(id)) is not None]
        return tuple(sorted(found, key=lambda one: (one.sent.when, one.id), reverse=True))

    def waiting(self) -> tuple[Upload, ...]:
        """The files that nobody has looked into yet, the oldest first."""
        return tuple(upload for upload in reversed(self.list()) if upload.read is None)

    def find(self, id: str) -> Upload | None:
        """A file by its id; None where it is gone or no such id."""
        if not _ID.fullmatch(id):
            return None
        folder = self.folder / id
        try:
            sent = Sent.model_validate_json((folder / "upload.json").read_bytes())
        except (OSError, ValidationError):
            return None
        return Upload(id, sent, self._read(folder), folder / "file" / sent.name)

    def understood(self, id: str, read: Read) -> None:
        """Keeps what was understood of a file; nothing where it was thrown away meanwhile."""
        folder = self.folder / id
        if folder.is_dir():
            with storing(self._data):
                replace_file(folder / "read.json", read.model_dump_json(by_alias=True).encode())

    def remove(self, id: str) -> None:
        """Throws a file away; one that is gone is no problem."""
        if _ID.fullmatch(id):
            with storing(self._data):
                remove_folder(self.folder / id)

    @staticmethod
    def _read(folder: Path) -> Read | None:
        try:
            return Read.model_validate_json((folder / "read.json").read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError):  # of another version of the program: it is read again
            return None


def _plain_name(name: str) -> str:
    """A file's name without a path, control characters or more length than a file system takes."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in last if c.isprintable()).strip(" .") or "file"
    stem, dot, ending = kept.rpartition(".")
    return kept if len(kept) <= _NAME or not dot else f"{stem[: _NAME - len(ending) - 1]}.{ending[:10]}"
