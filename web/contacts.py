"""Who to turn to: the offices of ``contacts.yaml``, and the one most likely in charge of a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import yaml

from qa.errors import MinshengError
from qa.language.lexicon import Office
from qa.model import Answer
from web import wording

__all__ = ["Contact", "Contacts", "ContactsError", "load_contacts", "named_office", "office_in_charge"]


_NAMES: Final[Callable[[Office], tuple[str, ...]]] = attrgetter("names")
_TOPICS: Final[Callable[[Office], tuple[str, ...]]] = attrgetter("topics")


class ContactsError(MinshengError):
    """The contacts file cannot be used."""

    default_code = "contacts_invalid"


@dataclass(frozen=True, slots=True)
class Contact:
    """An office: what it is called, its other names, where that was published, its number if one was."""

    name: str
    names: tuple[str, ...]
    source: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Contacts:
    """The number for everything, and the offices."""

    hotline: str
    hotline_name: str
    hotline_source: str
    offices: tuple[Contact, ...] = ()


def load_contacts(path: Path) -> Contacts:
    """Reads a contacts file (format in ``corpus/README.md``).

    Raises:
        ContactsError: if it is missing or a record lacks its name or its source; the message says which.
    """
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        hotline = loaded["hotline"]
        return Contacts(
            _needed(hotline, "number"),
            _needed(hotline, "name"),
            _needed(hotline, "source"),
            tuple(_contact(record) for record in loaded.get("offices") or ()),
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError, ValueError) as error:
        raise ContactsError(wording.CONTACTS_BAD.format(path=path, why=error), detail=str(error)) from error


def _contact(record: Any) -> Contact:
    name, phone = _needed(record, "name"), record.get("phone")
    names = tuple(str(other) for other in record.get("names") or ())
    return Contact(name, (name, *names), _needed(record, "source"), None if phone is None else str(phone))


def _needed(record: Any, key: str) -> str:
    value = str(record[key]).strip()
    if not value:
        raise ValueError(key)
    return value


def named_office(words: str, contacts: Iterable[Contact]) -> Contact | None:
    """The office that ``words`` name; the longest name wins."""
    found = [(len(name), contact) for contact in contacts for name in contact.names if name in words]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def office_in_charge(
    answer: Answer, contacts: Sequence[Contact], offices: Sequence[Office]
) -> Contact | None:
    """The office most likely in charge of what was asked, or None.

    The one the question names; or the one whose matters it mentions, by the lexicon; or, where it does
    neither, the one that speaks in the nearest passage. None where that office is not among ``contacts``.
    """
    asked = " ".join((answer.question, *(r.after for r in answer.interpretation.repairs)))
    named = named_office(asked, contacts)
    if named is not None:
        return named
    for words_of in (_NAMES, _TOPICS):
        meant = _meant(asked, offices, words_of)
        if meant:
            return next((c for c in contacts if any(set(c.names) & set(o.names) for o in meant)), None)
    return _speaking(answer, contacts)


def _meant(asked: str, offices: Iterable[Office], words: Callable[[Office], tuple[str, ...]]) -> list[Office]:
    """The offices of which the longest word is in ``asked``; several where they share it."""
    found = [(len(word), o) for o in offices for word in words(o) if len(word) > 1 and word in asked]
    longest = max((length for length, _ in found), default=0)
    return [office for length, office in found if length == longest]


def _speaking(answer: Answer, contacts: Sequence[Contact]) -> Contact | None:
    speakers = (c.turn.speaker for c in answer.related)
    offices = [speaker.office for speaker in speakers if speaker is not None and speaker.office]
    return named_office(offices[0], contacts) if offices else None
