"""Work in a process of its own, so that residents' answers do not wait for it; one at a time in a folder.

Every server process, and one started later, can tell whether it runs: it holds a lock on a file for as
long as it lives.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Background", "Progress", "Reporter"]

_NICE: Final = 10
"""How far behind the server the work stands where processor time is short."""
_TOLD: Final = 2000
"""Bytes of what failed work said that are shown."""

_TRACEBACK: Final = 'File "'


@dataclass(frozen=True, slots=True)
class Progress:
    """How far work is: what it does now (a word its page knows), and how much of it is done."""

    step: str = ""
    done: int = 0
    total: int = 0


class Background:
    """Work named ``name`` that keeps what it needs in ``folder``."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._lock = folder / f".{name}.lock"
        self._log = folder / f".{name}.log"
        self._progress = folder / f".{name}.progress"

    def start(self, command: Sequence[str], before: Callable[[], object] = lambda: None) -> bool:
        """Starts the work; False where it is under way. ``before`` is called once it is sure to start.

        Raises:
            OSError: if the folder cannot be written to or no process started.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._lock.open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._progress.unlink(missing_ok=True)
            before()
            self._spawn(command, lock.fileno())
        return True

    def running(self) -> bool:
        """Whether the work is under way."""
        with self._opened() as lock:
            if lock is None:
                return False
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def said(self) -> str:
        """The last words of the work that ran last, where they are for people."""
        try:
            said = self._log.read_bytes()[-_TOLD:].decode("utf-8", "replace").strip()
        except OSError:
            return ""
        return "" if _TRACEBACK in said else said

    def progress(self) -> Progress:
        """How far the work is, where it tells."""
        try:
            return Progress(**json.loads(self._progress.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return Progress()

    def reporter(self) -> Reporter:
        """What the work tells how far it is with."""
        return Reporter(self._progress)

    def _spawn(self, command: Sequence[str], lock: int) -> None:
        with self._log.open("wb") as log:
            work = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, pass_fds=(lock,)
            )
        os.setpriority(os.PRIO_PROCESS, work.pid, _NICE)
        threading.Thread(target=work.wait, name="staff work", daemon=True).start()

    @contextmanager
    def _opened(self) -> Iterator[int | None]:
        try:
            held = os.open(self._lock, os.O_RDONLY)
        except OSError:
            yield None
            return
        try:
            yield held
        finally:
            os.close(held)


class Reporter:
    """Writes down how far work is, for the pages that wait for it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def tell(self, step: str, done: int = 0, total: int = 0) -> None:
        """Tells how far it is, about a hundred times in all."""
        if done % max(1, total // 100):
            return
        stage = self._path.with_suffix(".new")
        stage.write_text(json.dumps({"step": step, "done": done, "total": total}), "utf-8")
        stage.replace(self._path)
