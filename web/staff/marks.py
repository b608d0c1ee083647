"""Marks of words that no longer hold, put into the draft and taken out of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qa.model import Expired, Span, Transcript
from qa.transcripts.catalogue import METADATA_NAME
from qa.transcripts.metadata import ExpiredWords
from qa.versions.draft import Draft
from qa.versions.lock import changing
from web.staff import corpus_wording as wording
from web.staff.access import Visitor
from web.staff.publishing import file_digest
from web.staff.room import Room

__all__ = ["Digests", "Wrong", "mark", "marks_of", "unmark"]

Digests = tuple[str | None, str | None]
"""Of what was changed, before and after."""


class Wrong(Exception):
    """What is wrong with the form, and at which field."""

    def __init__(self, field: str, told: str) -> None:
        super().__init__(told)
        self.field, self.told = field, told


def marks_of(room: Room, transcript: Transcript) -> Iterator[tuple[Expired, str]]:
    """The marks of a transcript in force, and what took the words' place."""
    for mark in transcript.expired:
        by = mark.replaced_by
        other = None if by is None else room.engine.transcripts.get(by.transcript)
        if by is not None and other is not None:
            yield mark, wording.EXPIRED_BY.format(words=by.span.of(other.text), title=other.title)
        elif mark.replaced_text:
            yield mark, wording.EXPIRED_TEXT.format(text=mark.replaced_text)
        else:
            yield mark, ""


def mark(room: Room, visitor: Visitor, transcript: Transcript, marked: ExpiredWords) -> Digests:
    """Adds a mark in the draft; the digests of what is known of the transcript before and after."""
    data, who = room.data, visitor.account.name
    with changing(data, who, wording.MARKING):
        draft = Draft.begun(data, room.settings, who)
        path = _described(draft, transcript)
        before = draft.expired(transcript.id)
        if any(one.start < marked.end and marked.start < one.end for one in before):
            raise Wrong("words", wording.ALREADY_EXPIRED)
        was = file_digest(path)
        draft.mark(transcript.id, (*before, marked), transcript.text)
        return was, file_digest(path)


def unmark(room: Room, visitor: Visitor, transcript: Transcript, span: Span | None) -> Digests:
    data, who = room.data, visitor.account.name
    with changing(data, who, wording.MARKING):
        draft = Draft.begun(data, room.settings, who)
        path = _described(draft, transcript)
        before = draft.expired(transcript.id)
        words = "" if span is None else span.of(transcript.text)
        kept = tuple(one for one in before if one.words != words)
        if len(kept) == len(before):
            raise Wrong("", wording.MARK_GONE)
        was = file_digest(path)
        draft.mark(transcript.id, kept, transcript.text)
        return was, file_digest(path)


def _described(draft: Draft, transcript: Transcript) -> Path:
    """The description of a transcript in a draft, as long as the draft has it with the same source."""
    path = draft.transcripts / transcript.id / METADATA_NAME
    if not path.is_file() or transcript.source.sha256.encode() not in path.read_bytes():
        raise Wrong("", wording.NOT_IN_DRAFT)
    return path
