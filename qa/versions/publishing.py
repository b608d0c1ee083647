"""Switching to a version, and back: one rename, and a line of history."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Literal

from qa.errors import VersionError
from qa.indexing import Watch
from qa.settings import Settings
from qa.versions.draft import Draft
from qa.versions.files import storing
from qa.versions.inventory import damage, read_manifest
from qa.versions.layout import DataDirectory, Publication, State, now, read_state, short, write_state
from qa.versions.storing import clear_leftovers, ensure_seeded, store

__all__ = ["Prepared", "find_version", "prepare", "roll_back", "roll_back_to", "switch"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A version that is stored, whole and indexed, and not current yet; ``before`` is."""

    name: str
    before: str

    @property
    def same(self) -> bool:
        """Whether nothing would change."""
        return self.name == self.before


def prepare(data: DataDirectory, settings: Settings, watch: Watch = iter) -> Prepared:
    """Makes the draft a version, without switching to it. Interrupted, it goes on from what is finished.

    To be called while the directory is held.

    Raises:
        VersionError: if there is no draft, or it cannot be stored.
        CorpusError: if the draft cannot be read.
    """
    seeded = ensure_seeded(data, settings)
    draft = Draft.opened(data)
    name = store(data, draft.folder, settings, watch)
    clear_leftovers(data, frozenset({name}))
    return Prepared(name, seeded.state.current)


def switch(
    data: DataDirectory, name: str, who: str, why: str, kind: Literal["publish", "rollback"] = "publish"
) -> State:
    """Makes a stored version current, at once. To be called while the directory is held.

    Raises:
        VersionError: if the version is not there or damaged; the current one stays.
    """
    folder = data.version(name)
    broken = damage(folder, read_manifest(folder))
    if broken:
        raise VersionError(
            f"版本 {short(name)} 已损坏（{broken[0]}），没有切换。请从备份恢复，或另选一个版本。",
            code="version_damaged",
            detail=f"{folder}: {', '.join(broken[:5])}",
        )
    state = _state(data)
    before = None if state is None else state.current
    done = Publication(when=now(), who=who, kind=kind, before=before, after=name, why=why)
    switched = State(current=name, history=(*(state.history if state else ()), done))
    write_state(data, switched)
    return switched


def roll_back_to(data: DataDirectory, wanted: str | None) -> tuple[str | None, str]:
    """The current version, where it can be told, and the one to go back to: ``wanted`` or the one before.

    Raises:
        VersionError: if there is none to go back to, or it is the current one.
    """
    state = _state(data)
    name = _before(data, state) if wanted is None else find_version(data, wanted)
    before = None if state is None else state.current
    if before == name:
        raise VersionError(f"当前已经是版本 {short(name)}，没有变动。", code="version_same", detail=name)
    return before, name


def roll_back(data: DataDirectory, name: str, who: str, why: str) -> None:
    """Goes back to a version. To be called while the directory is held.

    It works where the record of the current version is damaged, too: that is kept beside the new one.
    """
    if _state(data) is None and data.current_file.exists():
        with storing(data.root):
            shutil.copy(data.current_file, data.root / "current.json.damaged")
    switch(data, name, who, why, "rollback")


def find_version(data: DataDirectory, wanted: str) -> str:
    """The name of the version that begins with ``wanted``, as people write it.

    Raises:
        VersionError: if there is none, or more than one.
    """
    digits = wanted.removeprefix("sha256:").lower()
    found = [name for name in data.names() if name == digits or short(name) == digits]
    found = found or [name for name in data.names() if len(digits) >= 4 and name.startswith(digits)]
    if len(found) != 1:
        told = "不止一个版本以它开头，请多写几位" if found else "没有这个版本"
        raise VersionError(
            f"{wanted}：{told}。有哪些版本，请看：minsheng corpus versions",
            code="version_missing",
            detail=f"{wanted}: {len(found)} versions",
        )
    return found[0]


def _state(data: DataDirectory) -> State | None:
    try:
        return read_state(data)
    except VersionError as error:
        if error.code != "current_damaged":
            raise
        return None


def _before(data: DataDirectory, state: State | None) -> str:
    """The version that was current before this one, is another, and is still there."""
    if state is not None:
        there = frozenset(data.names()) - {state.current}
        for done in reversed(state.history):
            if done.after == state.current and done.before in there:
                return str(done.before)
    raise VersionError(
        "没有更早的版本可以退回。有哪些版本，请看：minsheng corpus versions",
        code="version_missing",
        detail="no version before the current one",
    )
