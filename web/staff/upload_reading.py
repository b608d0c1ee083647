"""Reads the files that were sent, apart from the server: each in a process with bounded time and memory.

A file comes from anybody, and may be made to keep its reader busy or to fill the memory. One process at a
time goes through those that wait; for each it forks, and the fork may take ``SECONDS`` and ``MEMORY``.

    python -m web.staff.upload_reading DIR
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from qa.commands.shared import read_settings
from qa.engine import load_transcripts
from qa.errors import CorpusError, MinshengError
from qa.model import Transcript
from qa.settings import Settings
from qa.versions.doubts import DoubtKind
from qa.versions.draft import Draft
from qa.versions.files import storing
from qa.versions.intake import Given, proposal
from qa.versions.layout import DataDirectory
from qa.versions.shingles import nearest
from qa.versions.storing import current_folder
from web.staff import corpus_wording as wording
from web.staff.background import Background
from web.staff.uploads import Read, ReadDoubt, Upload, UploadStore, read_of

__all__ = ["MEMORY", "SECONDS", "UploadReading", "read_apart"]

SECONDS: Final = 90
"""What a file may take."""
MEMORY: Final = 1_500_000_000
"""Bytes a file may take beside what the program needs."""


class UploadReading:
    """The reading of what was sent to a data directory."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._work = Background(data / "room", "reading")

    def ensure(self) -> None:
        """Sees to it that what waits is read.

        Raises:
            VersionError: if no process can be started.
        """
        if UploadStore(self._data).waiting():
            with storing(self._data):
                self._work.start([sys.executable, "-m", "web.staff.upload_reading", str(self._data)])


def read_apart(
    store: UploadStore,
    upload: Upload,
    others: Mapping[str, Transcript],
    compared: str = "",
    *,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> None:
    """Reads a file in a process of its own and keeps what was understood, or why it cannot be read.

    Args:
        others: the transcripts that are there, by id.
        compared: why those are not known; empty if they are.
    """
    work = (store, upload, others, compared, seconds, memory)
    apart = multiprocessing.get_context("fork").Process(target=_read_within, args=work, daemon=True)
    apart.start()
    apart.join(seconds)
    late = apart.is_alive()
    if late:
        apart.kill()
        apart.join()
    kept = store.find(upload.id)
    if kept is not None and kept.read is None:
        late = late or apart.exitcode == -signal.SIGXCPU
        message = (wording.READ_TOO_LONG if late else wording.READ_FAILED).format(name=upload.sent.name)
        store.understood(upload.id, Read(problem=message))


def _read_within(
    store: UploadStore,
    upload: Upload,
    others: Mapping[str, Transcript],
    compared: str,
    seconds: float,
    memory: int,
) -> None:
    _limit(seconds, memory)
    try:
        read = _understood(store, upload, others, compared)
    except MinshengError as error:
        read = Read(problem=error.message)
    except MemoryError:
        read = Read(problem=wording.READ_TOO_LARGE.format(name=upload.sent.name))
    store.understood(upload.id, read)


def _limit(seconds: float, memory: int) -> None:
    # A reader that is killed need leave no picture of its memory.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Where both are the same, the kernel kills without SIGXCPU.
    whole = max(1, int(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 5))
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    held = pages * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))


def _understood(store: UploadStore, upload: Upload, others: Mapping[str, Transcript], compared: str) -> Read:
    found = proposal(upload.source, Given(), others, others.keys())
    sent = {
        one.sent.name: one.read.text
        for one in store.list()
        if one.id != upload.id and one.read is not None and one.read.text
    }
    twin = nearest(found.transcript.text, sent)
    more = [] if twin is None else [_twin(*twin)]
    return read_of(found, more, compared)


def _twin(name: str, share: float) -> ReadDoubt:
    return ReadDoubt(kind=DoubtKind.NEAR_DUPLICATE, about=wording.SENT_TOO.format(name=name, share=share))


def _there(data: DataDirectory) -> dict[str, Transcript]:
    """The transcripts of the draft where there is one, or else of the current version."""
    folder = Draft.opened(data).folder if Draft.exists(data) else current_folder(data)
    try:
        return {transcript.id: transcript for transcript in load_transcripts(folder)}
    except CorpusError as error:
        if error.code == "corpus_empty":
            return {}
        raise


def main(data: Path) -> None:
    """Reads all that waits, and what comes meanwhile."""
    store = UploadStore(read_settings(Settings, data=data).data)
    others: dict[str, Transcript] = {}
    compared = ""
    try:
        others = _there(DataDirectory(data))
    except MinshengError as error:
        compared = error.message
    while waiting := store.waiting():
        for upload in waiting:
            read_apart(store, upload, others, compared)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
