"""A coverage run in the background: a process of its own, so that residents' answers do not wait for it.

Every server process, and one started later, can tell how far it is: the run holds a lock on a file for as
long as it lives, and writes each result to a file beside the saved runs. An interrupted run goes on from
there when it is started again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from qa.coverage.files import load_case_folder
from qa.coverage.run import wordings
from qa.coverage.saved import RunStore
from qa.engine import faq_folder
from qa.errors import FaqError
from qa.settings import Settings
from qa.versions.layout import DataDirectory
from qa.versions.serving import in_force
from web.staff import wording
from web.staff.background import Background

__all__ = ["Job", "JobRecord", "JobState", "as_told"]


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A run as it was started. ``began`` is the machine's local time, written as runs' ids are.

    ``total`` is how many wordings it asks; None where that is not known before.
    """

    who: str
    began: str
    total: int | None


@dataclass(frozen=True, slots=True)
class JobState:
    """How a run stands: ``done`` wordings were asked; ``failed`` is what it said if it came to nothing."""

    record: JobRecord
    running: bool
    done: int = 0
    failed: str = ""


class Job:
    """The run of a data directory; there is one at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = as_told(settings)
        self._store = RunStore(settings.data)
        self._work = Background(self._store.folder, "room")
        self._record = self._store.folder / ".room.json"

    def start(self, who: str, *, robust: bool) -> bool:
        """Starts a run; False where one is under way.

        Raises:
            FaqError: there are no cases, or the data directory cannot be written to.
        """
        cases = load_case_folder(faq_folder(in_force(self._settings))).cases
        total = None if robust else sum(1 for _ in wordings(cases.cases))
        record = JobRecord(who, f"{datetime.now():%Y%m%d-%H%M%S}", total)
        command = [sys.executable, "-m", "qa", "coverage", *self._place(), *(["--robust"] if robust else [])]
        try:
            return self._work.start(
                command, lambda: self._record.write_text(json.dumps(asdict(record)), "utf-8")
            )
        except OSError as error:
            raise FaqError(wording.RUN_NOT_STARTED, code="runs_unwritable", detail=str(error)) from error

    def state(self) -> JobState | None:
        """How the run stands that was started last; None where none ever was."""
        try:
            record = JobRecord(**json.loads(self._record.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        if self._work.running():
            return JobState(record, True, self._done())
        ids = self._store.ids()
        if ids and ids[-1][: len(record.began)] >= record.began:
            return JobState(record, False)
        return JobState(record, False, failed=self._work.said() or wording.RUN_SILENT)

    def _place(self) -> Iterator[str]:
        """The options that name what is asked: the version in force, or what the server was told to serve."""
        settings = self._settings
        yield from ("--data", str(settings.data))
        if settings.index is not None:
            yield from ("--index", str(settings.index))
        elif settings.corpus is not None:
            yield from ("--corpus", str(settings.corpus))

    def _done(self) -> int:
        """How many results the run has written down."""
        kept = sorted(self._store.folder.glob(".partial-*.jsonl"), key=_changed)
        try:
            return kept[-1].read_bytes().count(b"\n") if kept else 0
        except OSError:
            return 0  # it has just ended


def as_told(settings: Settings) -> Settings:
    """The settings the server was started with: an engine of a version has those of its own folder."""
    versions = DataDirectory(settings.data).versions
    own = settings.index or settings.corpus
    if own is None or not own.is_relative_to(versions):
        return settings
    return settings.model_copy(update={"index": None, "corpus": None})


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
