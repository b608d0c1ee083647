"""The working copy: what staff change before it is published. One at most, made from the current version."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.errors import VersionError
from qa.settings import Settings
from qa.transcripts.catalogue import METADATA_NAME, read_transcript
from qa.transcripts.metadata import ExpiredWords, Metadata, parse_metadata, rendered_metadata, with_expired
from qa.versions.files import copy_file, place, remove_folder, replace_file, storing, sync_folder, write_file
from qa.versions.inventory import files_of
from qa.versions.layout import DataDirectory, now
from qa.versions.storing import Seeded, ensure_seeded

__all__ = ["Draft", "DraftRecord"]

_RECORD: Final = "draft.json"
_NEW: Final = ".new-"
_OLD: Final = ".old-"


class DraftRecord(BaseModel):
    """Where a draft came from: the version it was copied from, who began it and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The working copy. Everything that changes it is called while the directory is held."""

    folder: Path
    record: DraftRecord

    @classmethod
    def opened(cls, data: DataDirectory) -> Draft:
        """The draft that was begun.

        Raises:
            VersionError: if there is none, or it cannot be used.
        """
        try:
            record = DraftRecord.model_validate_json((data.draft / _RECORD).read_bytes())
        except FileNotFoundError as error:
            raise VersionError(
                "还没有改动过，没有可发布的草稿。先添加一份实录：minsheng corpus add 文件",
                code="draft_missing",
                detail=f"no {data.draft / _RECORD}",
            ) from error
        except (OSError, ValidationError) as error:
            raise VersionError(
                "草稿读不出来。请丢弃它再重新改：minsheng corpus draft --discard",
                code="draft_damaged",
                detail=f"{data.draft / _RECORD}: {type(error).__name__}",
            ) from error
        return cls(data.draft, record)

    @classmethod
    def exists(cls, data: DataDirectory) -> bool:
        """Whether a draft was begun."""
        return data.draft.is_dir()

    @classmethod
    def begun(cls, data: DataDirectory, settings: Settings, who: str) -> Draft:
        """The draft; where there is none, a copy of the current version, put in place at once."""
        if not cls.exists(data):
            seeded = ensure_seeded(data, settings)
            with storing(data.root):
                cls._begin(seeded, who)
        draft = cls.opened(data)
        with storing(data.root):
            draft._recover()
        return draft

    @staticmethod
    def _begin(seeded: Seeded, who: str) -> None:
        stage = seeded.data.root / f"{_NEW}draft"
        remove_folder(stage)
        stage.mkdir()
        for name in files_of(seeded.folder):
            copy_file(seeded.folder / name, stage / name)
        record = DraftRecord(base=seeded.state.current, who=who, when=now())
        write_file(stage / _RECORD, json.dumps(record.model_dump(), ensure_ascii=False).encode())
        place(stage, seeded.data.draft)

    @staticmethod
    def discard(data: DataDirectory) -> None:
        """Throws the draft away, at once, in whatever state it is."""
        gone = data.root / f"{_OLD}draft"
        with storing(data.root):
            remove_folder(gone)
            data.draft.rename(gone)
            sync_folder(data.root)
            remove_folder(gone)

    @property
    def transcripts(self) -> Path:
        """The folder of transcripts."""
        return self.folder / "transcripts"

    def ids(self) -> frozenset[str]:
        """The ids that are taken."""
        if not self.transcripts.is_dir():
            return frozenset()
        return frozenset(f.name for f in self.transcripts.iterdir() if not f.name.startswith("."))

    def add(self, id: str, metadata: Metadata, source: bytes) -> None:
        """Adds a transcript; one of that id is replaced. Interrupted, it is as if never begun."""
        target, stage = self.transcripts / id, self.transcripts / f"{_NEW}{id}"
        old = self.transcripts / f"{_OLD}{id}"
        with storing(self.folder.parent):
            remove_folder(stage)
            remove_folder(old)
            write_file(stage / metadata.source.name, source)
            write_file(stage / METADATA_NAME, rendered_metadata(metadata))
            if target.exists():
                target.rename(old)  # put back by _recover when the next line is never reached
            place(stage, target)
            remove_folder(old)

    def remove(self, id: str) -> None:
        """Takes a transcript out. Versions that hold it keep it."""
        self._existing(id)
        gone = self.transcripts / f"{_NEW}{id}"
        with storing(self.folder.parent):
            remove_folder(gone)
            (self.transcripts / id).rename(gone)
            sync_folder(self.transcripts)
            remove_folder(gone)

    def write(self, name: str, data: bytes, check: Callable[[], object]) -> None:
        """Replaces or adds a file of the lexicon or the question sets (``lexicon/words.txt``).

        ``check`` reads what was written; if it raises, the file is as it was.
        """
        path = self.folder / name
        before = path.read_bytes() if path.exists() else None
        with storing(self.folder.parent):
            replace_file(path, data)
        self._or_back(path, before, check)

    def revert(self, part: str, name: str, base: Path) -> None:
        """Makes a transcript (``part`` is ``transcripts``, ``name`` its id) or a file as it is in ``base``.

        What ``base``, a corpus folder, does not have is taken out.
        """
        source = base / part / name
        if part == "transcripts":
            if name in self.ids():
                self.remove(name)
            if source.is_dir():
                stage = self.transcripts / f"{_NEW}{name}"
                with storing(self.folder.parent):
                    remove_folder(stage)
                    for path in sorted(source.iterdir()):
                        copy_file(path, stage / path.name)
                    place(stage, self.transcripts / name)
            return
        with storing(self.folder.parent):
            if source.is_file():
                replace_file(self.folder / part / name, source.read_bytes())
            else:
                (self.folder / part / name).unlink(missing_ok=True)

    def expired(self, id: str) -> tuple[ExpiredWords, ...]:
        """The words of a transcript that are marked as no longer holding."""
        path = self._existing(id) / METADATA_NAME
        return parse_metadata(path.read_bytes(), f"{id}/{METADATA_NAME}").expired

    def mark(self, id: str, expired: Iterable[ExpiredWords], text: str | None = None) -> None:
        """Sets which words of a transcript no longer hold.

        Args:
            text: the transcript's reading text, where it is at hand: the source is not read again then.

        Raises:
            TranscriptError: if the words are not in the text; nothing is changed then.
        """
        path = self._existing(id) / METADATA_NAME
        before = path.read_bytes()
        marked = tuple(expired)
        after = with_expired(before, marked)
        known = text is not None and all(text[one.start : one.end] == one.words for one in marked)
        with storing(self.folder.parent):
            replace_file(path, after)
        if not known:
            self._or_back(path, before, lambda: read_transcript(path.parent))

    def _or_back(self, path: Path, before: bytes | None, check: Callable[[], object]) -> None:
        passed = False
        try:
            check()
            passed = True
        finally:
            if not passed:
                with storing(self.folder.parent):
                    if before is None:
                        path.unlink(missing_ok=True)
                    else:
                        replace_file(path, before)

    def _existing(self, id: str) -> Path:
        if id not in self.ids():
            raise VersionError(
                f"没有编号为 {id} 的实录。有哪些实录，请看：minsheng corpus list",
                code="transcript_unknown",
                detail=f"no transcript {id}",
            )
        return self.transcripts / id

    def _recover(self) -> None:
        """Ends what was interrupted: a transcript that was being replaced is put back."""
        if not self.transcripts.is_dir():
            self.transcripts.mkdir()
        for left in sorted(self.transcripts.glob(".*")):
            name = left.name.removeprefix(_OLD)
            if left.name.startswith(_OLD) and not (self.transcripts / name).exists():
                left.rename(self.transcripts / name)
            elif left.name.startswith((_OLD, _NEW)):
                remove_folder(left)
