"""The data directory, and the one file that says which version is current.

::

    DIR/current.json          the current version's name and every publish so far; replaced with one rename
    DIR/versions/<name>/      one state of the corpus, never changed: transcripts/ lexicon/ faq/ version.json
                              and index/, which is derived from them; named by the version's digest
    DIR/draft/                the working copy, at most one: transcripts/ lexicon/ faq/ draft.json
    DIR/cache/tokens.sqlite   segmented text by content; disposable
    DIR/lock, lock.json       who is changing something now

The history stands in the same file as the name of the current version, so that the two never disagree.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from qa.errors import VersionError
from qa.versions.files import replace_file, storing

__all__ = ["SHORT", "DataDirectory", "Publication", "State", "now", "read_state", "short", "write_state"]

SHORT: Final = 12
"""Digits of a version's name that people are shown."""

_Name = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}(-[0-9]+)?$")]


class Publication(BaseModel):
    """One switch from a version to another. ``when`` is an ISO 8601 time in UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: str
    who: str
    kind: Literal["seed", "publish", "rollback"]
    before: _Name | None
    after: _Name
    why: str = ""


class State(BaseModel):
    """Which version is current, and every switch so far, oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    current: _Name
    history: tuple[Publication, ...]

    def published(self) -> tuple[str, ...]:
        """The names of the versions that were ever current, oldest first, each once."""
        return tuple(dict.fromkeys(switch.after for switch in self.history))


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """The places of a data directory; nothing need be there yet."""

    root: Path

    @property
    def current_file(self) -> Path:
        """The file whose replacement is the switch."""
        return self.root / "current.json"

    @property
    def versions(self) -> Path:
        """The folder of the versions."""
        return self.root / "versions"

    @property
    def draft(self) -> Path:
        """The working copy."""
        return self.root / "draft"

    @property
    def tokens(self) -> Path:
        """The cache of segmented text."""
        return self.root / "cache" / "tokens.sqlite"

    def version(self, name: str) -> Path:
        """The folder of a version."""
        return self.versions / name

    def names(self) -> tuple[str, ...]:
        """The versions that are there, whole ones only, in name order."""
        if not self.versions.is_dir():
            return ()
        found = (f.name for f in self.versions.iterdir() if f.is_dir() and not f.name.startswith("."))
        return tuple(sorted(found))


def now() -> str:
    """The time, as it is recorded."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def short(name: str) -> str:
    """A version's name as people are shown it: the first digits, and which of several."""
    digits, dash, number = name.removeprefix("sha256:").partition("-")
    return f"{digits[:SHORT]}{dash}{number}"


def read_state(data: DataDirectory) -> State | None:
    """Which version is current; None where nothing was ever published.

    Raises:
        VersionError: if the file cannot be read.
    """
    try:
        raw = data.current_file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(data, str(error)) from error
    try:
        return State.model_validate_json(raw)
    except ValidationError as error:
        raise _unusable(data, f"{type(error).__name__}: {error.errors()[0]['msg']}") from error


def write_state(data: DataDirectory, state: State) -> None:
    """Makes ``state`` the truth, all at once."""
    rendered = json.dumps(state.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
    with storing(data.root):
        replace_file(data.current_file, rendered.encode())


def _unusable(data: DataDirectory, detail: str) -> VersionError:
    return VersionError(
        f"记录当前版本的文件 {data.current_file.name} 读不出来。"
        "请从备份恢复它；没有备份，就重新指定一个版本：minsheng corpus rollback 版本",
        code="current_damaged",
        detail=f"{data.current_file}: {detail}",
    )
