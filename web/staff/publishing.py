"""The draft becomes the version in force, and an earlier version does again: each written down."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qa.errors import VersionError
from qa.versions.draft import Draft
from qa.versions.layout import State, read_state, short
from qa.versions.lock import changing
from qa.versions.publishing import roll_back, switch
from web.staff import corpus_wording as wording
from web.staff.access import Visitor
from web.staff.examination import Examinations
from web.staff.room import Room

__all__ = ["current_name", "file_digest", "publish", "return_to"]


def publish(room: Room, visitor: Visitor, why: str, *, overrule: bool) -> None:
    """Publishes the draft as it was examined.

    Args:
        overrule: whether to publish though answers get worse; ``why`` must say why then.

    Raises:
        VersionError: if the draft was not examined as it is, may not be published, or somebody is at work.
    """
    data, who = room.data, visitor.account.name
    examinations = Examinations(data.root)
    with changing(data, who, wording.PUBLISHING):
        found = examinations.found()
        if found is None or found.damage or found.same:
            raise VersionError(wording.PUBLISH_UNCHECKED, code="draft_unexamined")
        if not found.allowed and not (overrule and why):
            raise VersionError(wording.PUBLISH_NEEDS_WHY, code="answers_worse")
        switch(data, found.after, who, why)
        Draft.discard(data)
        examinations.forget()
    action = "corpus.publish" if found.allowed else "corpus.overrule"
    told = why if found.allowed else wording.FORCED.format(worse=found.worse, why=why)
    room.audit(visitor, action, short(found.after), told, before=found.before, after=found.after)


def return_to(room: Room, visitor: Visitor, name: str, why: str) -> None:
    """Goes back to the version ``name``; the draft stays as it is.

    Raises:
        VersionError: if it is the version in force, or damaged, or somebody is at work.
    """
    data = room.data
    with changing(data, visitor.account.name, wording.ROLLING_BACK):
        before = current_name(read_state(data))
        if before == name:
            raise VersionError(wording.ROLL_BACK_SAME, code="version_same", detail=name)
        roll_back(data, name, visitor.account.name, why)
    room.audit(visitor, "corpus.rollback", short(name), why, before=before, after=name)


def current_name(state: State | None) -> str | None:
    """The version in force, where one was ever published."""
    return None if state is None else state.current


def file_digest(path: Path) -> str | None:
    """The digest of a file of the draft, for the log; None where it is not there."""
    try:
        return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    except FileNotFoundError:
        return None
