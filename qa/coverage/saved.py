"""Saved runs: ``DATA/runs/<id>/run.json`` beside its reports, and what an interrupted run already has.

An id is the time the run ended and the first characters of its digest, so that ids sort by time. The
time stands in the name alone: the same run again has the same bytes.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from qa.coverage import wording
from qa.coverage.cases import CaseSet
from qa.coverage.records import CaseResult, Run, RunSettings
from qa.errors import FaqError

__all__ = ["LATEST", "RUN_FILE", "Partial", "RunStore"]

LATEST: Final = "latest"
RUN_FILE: Final = "run.json"
_PARTIAL: Final = ".partial"


@dataclass(frozen=True)
class Partial:
    """An interrupted run: the results it has, and what takes further ones."""

    done: Mapping[tuple[str, str, str], CaseResult]
    keep: Callable[[CaseResult], None]


class RunStore:
    """The runs under a data directory, which need not be there yet."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "runs"

    def ids(self) -> tuple[str, ...]:
        """The ids of the saved runs, the oldest first."""
        return tuple(sorted(path.parent.name for path in self.folder.glob(f"[!.]*/{RUN_FILE}")))

    def load(self, name: str) -> Run:
        """The run of an id, of the beginning of one, of ``latest``, or of a path.

        Raises:
            FaqError: if there is none, or it cannot be read.
        """
        path = self.find(name)
        if path is None:
            known = self.ids()
            told = wording.NO_SUCH_RUN if known else wording.NO_RUNS
            message = told.format(name=name, latest=known[-1] if known else "")
            raise FaqError(message, code="run_missing", detail=name)
        try:
            return Run.from_json(path.read_bytes(), name)
        except OSError as error:
            message = wording.RUN_UNREADABLE.format(name=name)
            raise FaqError(message, code="run_invalid", detail=f"{path}: {error.strerror}") from error

    def find(self, name: str) -> Path | None:
        """The file of a run, or None where there is no such run."""
        ids = self.ids()
        if name == LATEST:
            return self.folder / ids[-1] / RUN_FILE if ids else None
        path = Path(name)
        for file in (path, path / RUN_FILE):
            if file.suffix == ".json" and file.is_file():
                return file
        begun = [id for id in ids if id.startswith(name)] if name else []
        return self.folder / begun[-1] / RUN_FILE if len(begun) == 1 or name in begun else None

    def save(self, run: Run, reports: Mapping[str, bytes], now: datetime) -> Path:
        """Keeps a run and its reports in a folder of their own, all at once; returns the folder."""
        data = run.to_json()
        id = f"{now:%Y%m%d-%H%M%S}-{hashlib.sha256(data).hexdigest()[:6]}"
        with self._writing():
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".saving-", dir=self.folder) as held:
                stage = Path(held) / id
                stage.mkdir()
                for name, content in {RUN_FILE: data, **reports}.items():
                    (stage / name).write_bytes(content)
                target = self.folder / id
                if target.exists():  # the same run within the same second
                    shutil.rmtree(target)
                stage.rename(target)
        return target

    @contextmanager
    def partial(self, corpus: str, settings: RunSettings, cases: CaseSet) -> Iterator[Partial]:
        """What an interrupted run of the same version, settings and cases has; gone once this one ends."""
        key = hashlib.sha256(f"{corpus}\n{settings}\n{cases.digest}".encode()).hexdigest()[:16]
        path = self.folder / f"{_PARTIAL}-{key}.jsonl"
        with self._writing():
            self.folder.mkdir(parents=True, exist_ok=True)
            done = dict(_kept(path))
            file = path.open("ab")
        with file:

            def keep(result: CaseResult) -> None:
                with self._writing():
                    file.write(_RESULT.dump_json(result) + b"\n")
                    file.flush()

            yield Partial(done, keep)
        path.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = wording.RUNS_UNWRITABLE.format(folder=self.folder)
            detail = f"{self.folder}: {error.strerror}"
            raise FaqError(message, code="runs_unwritable", detail=detail) from error


def _kept(path: Path) -> Iterator[tuple[tuple[str, str, str], CaseResult]]:
    if not path.is_file():
        return
    for line in path.read_bytes().splitlines():
        try:
            result = _RESULT.validate_json(line)
        except ValidationError:
            continue  # cut short when the power went: it is asked again
        yield result.key, result


_RESULT = TypeAdapter(CaseResult)
