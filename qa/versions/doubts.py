"""What a person should look at before a transcript is believed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qa.model import Basis, Speech, Transcript, TurnKind
from qa.versions.shingles import nearest

__all__ = ["Doubt", "DoubtKind", "doubts_of", "known_speakers", "own_doubts", "speakers_without_office"]

_SHORT: Final = 200
"""Below so many code points a transcript is hardly one."""
_GARBLED: Final = re.compile("[\ufffd\ue000-\uf8ff]|锟斤拷|烫烫烫|[ÃÂ][\x80-\xbf]|鈥|锛|銆")
"""What is left of text decoded wrongly: replacement and private characters, UTF-8 read as GBK or Latin-1."""
_ROLE: Final = re.compile("(?:主持人|主持|司仪|司儀|记者|記者|提问者|提問者|网友|網友)$")
"""Speakers who are named by what they do there, not by their name."""
_GARBLED_SHARE: Final = 0.002


class DoubtKind(StrEnum):
    """What may be wrong with a transcript."""

    GARBLED = "garbled"
    SAME_FILE = "same_file"
    NEAR_DUPLICATE = "near_duplicate"
    UNDATED = "undated"
    PUBLISHED = "published"
    DATE_INFERRED = "date_inferred"
    TITLE_INFERRED = "title_inferred"
    UNKNOWN_SPEAKER = "unknown_speaker"
    SHORT = "short"
    NO_SPEAKER = "no_speaker"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look at; ``about`` names whom or what, as people are told."""

    kind: DoubtKind
    about: str = ""


def doubts_of(
    transcript: Transcript, others: Mapping[str, Transcript], known: frozenset[str]
) -> tuple[Doubt, ...]:
    """The doubts about a transcript that is to be added.

    Args:
        others: the transcripts that are there already, by id.
        known: people whose office those state.
    """
    return (*_duplicates(transcript, others), *own_doubts(transcript, known))


def own_doubts(transcript: Transcript, known: frozenset[str]) -> Iterator[Doubt]:
    """The doubts about a transcript by itself."""
    text = transcript.text
    garbled = sum(len(found.group()) for found in _GARBLED.finditer(text))
    if garbled > _GARBLED_SHARE * len(text):
        yield Doubt(DoubtKind.GARBLED, str(garbled))
    if transcript.date.value is None:
        yield Doubt(DoubtKind.UNDATED)
    elif transcript.date.basis is Basis.INFERRED:
        yield Doubt(DoubtKind.DATE_INFERRED, transcript.date.source_words or "")
    if transcript.title_basis is not Basis.STATED:
        yield Doubt(DoubtKind.TITLE_INFERRED, transcript.title)
    for name in speakers_without_office(transcript, known):
        yield Doubt(DoubtKind.UNKNOWN_SPEAKER, name)
    if len(text) < _SHORT:
        yield Doubt(DoubtKind.SHORT, str(len(text)))
    if not any(turn.speaker is not None for turn in transcript.turns):
        yield Doubt(DoubtKind.NO_SPEAKER)
    replied = {turn.replies_to for turn in transcript.turns}
    open_ones = [
        at for at, turn in enumerate(transcript.turns) if turn.kind is TurnKind.QUESTION and at not in replied
    ]
    if open_ones:
        yield Doubt(DoubtKind.UNANSWERED, str(len(open_ones)))


def _duplicates(transcript: Transcript, others: Mapping[str, Transcript]) -> Iterator[Doubt]:
    for id, other in others.items():
        if other.source.sha256 == transcript.source.sha256:
            yield Doubt(DoubtKind.SAME_FILE, id)
            return
    found = nearest(transcript.text, {id: other.text for id, other in others.items()})
    if found is not None:
        yield Doubt(DoubtKind.NEAR_DUPLICATE, f"{found[0]}（{found[1]:.0%}）")


def known_speakers(transcripts: Iterable[Transcript]) -> frozenset[str]:
    """The people whose office some transcript states."""
    stated = {a.speaker.name for t in transcripts for a in t.attributions if a.speaker.office}
    told = {
        turn.speaker.name
        for t in transcripts
        for turn in t.turns
        if turn.speaker is not None and turn.speaker.office
    }
    return frozenset(stated | told)


def speakers_without_office(transcript: Transcript, known: frozenset[str]) -> tuple[str, ...]:
    """Those who tell something in a transcript and whose office neither it nor another one states, in order.

    Whoever only asks needs none, and a role (主持人) is none to look up.
    """
    stated = known | known_speakers([transcript])
    spoken = (
        turn.speaker.name
        for turn in transcript.turns
        if turn.speaker is not None
        and turn.speech is not Speech.NARRATION
        and turn.kind is not TurnKind.QUESTION
    )
    return tuple(dict.fromkeys(name for name in spoken if name not in stated and not _ROLE.search(name)))
