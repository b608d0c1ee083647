"""The words of labels that say who speaks (``labels.yaml``), ready to be matched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from qa.transcripts.script import plainly

__all__ = ["Vocabulary", "vocabulary"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Sets of words and alternatives of regular expressions (the longer first), plainly written."""

    ask_markers: frozenset[str]
    reply_markers: frozenset[str]
    ask_roles: frozenset[str]
    reply_roles: frozenset[str]
    host_roles: frozenset[str]
    chairs: frozenset[str]
    roles: str
    outlets: frozenset[str]
    outlet_endings: tuple[str, ...]
    department_endings: tuple[str, ...]
    notes: frozenset[str]
    fields: frozenset[str]
    units: frozenset[str]
    asking_columns: frozenset[str]
    replying_columns: frozenset[str]
    guests: frozenset[str]
    ordinary: frozenset[str]
    ordinary_endings: tuple[str, ...]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships."""
    data: Any = yaml.safe_load((files("qa.transcripts") / "labels.yaml").read_text("utf-8"))
    asks, replies, hosts = data["asks"], data["replies"], data["hosts"]
    roles = [*asks["roles"], *replies["roles"], *hosts["roles"]]
    return Vocabulary(
        ask_markers=_set(asks["markers"]),
        reply_markers=_set(replies["markers"]),
        ask_roles=_set(asks["roles"]),
        reply_roles=_set(replies["roles"]),
        host_roles=_set(hosts["roles"]),
        chairs=_set(hosts["chairs"]),
        roles="|".join(re.escape(plainly(role)) for role in sorted(roles, key=len, reverse=True)),
        outlets=_set(data["outlets"]["names"]),
        outlet_endings=tuple(data["outlets"]["suffixes"]),
        department_endings=tuple(data["departments"]["suffixes"]),
        notes=_set([*data["notes"], *data["letters"]["fields"], *data["letters"]["units"]]),
        fields=_set([*data["letters"]["fields"], *data["letters"]["units"]]),
        units=_set(data["letters"]["units"]),
        asking_columns=_set([*asks["markers"], *data["columns"]["asks"]]),
        replying_columns=_set([*replies["markers"], *data["columns"]["replies"]]),
        guests=_set(data["guests"]),
        ordinary=_set(data["ordinary"]["words"]),
        ordinary_endings=tuple(data["ordinary"]["endings"]),
    )


def _set(words: list[str]) -> frozenset[str]:
    return frozenset(plainly(word) for word in words)
