"""The style of transcripts proper: who speaks is said by a label before what is said.

``名字：``, ``### 名字：``, ``【名字】``, ``11:02 名字：``, ``记者：`` and ``答：``, an outlet and a colon,
one long line: a label is known by its words, by the others around it and by coming back. What stands before
the first label, and what the editors add, is read as prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qa.model import Span, Speaker, Speech, TurnKind
from qa.transcripts.candidates import Candidate, labels_of
from qa.transcripts.exchange import Heard, Utterance, heard
from qa.transcripts.lines import ParagraphKind
from qa.transcripts.people import TITLE
from qa.transcripts.pieces import Piece, Spoken, Taken
from qa.transcripts.presented import known_people, stated_offices, with_offices
from qa.transcripts.prose import parsed_block, speeches_of
from qa.transcripts.reading import Block, Reading
from qa.transcripts.runs import NOBODY, Cutting, Run
from qa.transcripts.script import plainly
from qa.transcripts.speech import Speeches
from qa.transcripts.vocabulary import vocabulary

__all__ = ["read_dialogue"]

_SURNAME_TITLE = re.compile(rf"[\u4e00-\u9fff](?:副|代)?(?:{TITLE}|总)")
_UNNAMED = re.compile(r"[\u4e00-\u9fff]{2,20}?(?:有关|相关)(?:部门)?(?:负责人|负责同志)")


def read_dialogue(reading: Reading) -> Taken | None:
    """A reading taken apart by its labels, or None if it has none that count."""
    text = reading.text
    plain = plainly(text)
    stated = stated_offices(text)
    people = known_people(stated)
    labels = labels_of(reading, plain, people)
    if not labels:
        return None
    names = [
        c.voice.speaker.name
        for c in labels
        if c.voice.named and c.voice.speaker and not c.voice.speaker.office
        if not _SURNAME_TITLE.fullmatch(c.core)
    ]
    people = with_offices(text, people | _from_labels(labels), names)
    cut = Cutting(reading, plain, labels, people)
    runs = tuple(cut.runs())
    first = _only_official(text, plain, labels[0].start, people)
    opening = next((label.start for label in labels if label.voice.part not in NOBODY), 0)
    guests = frozenset(person for name, person in people.items() if name in plain[:opening])
    kinds = iter(tuple(heard(_utterances(runs, plain, people), people, first, guests)))
    prose = speeches_of(text)
    return Taken(tuple(_spoken(runs, kinds, prose, text, plain)), tuple(cut.headings))


def _from_labels(labels: Sequence[Candidate]) -> dict[str, Speaker]:
    """Those whose label states their office."""
    found: dict[str, Speaker] = {}
    for label in labels:
        speaker = label.voice.speaker
        if speaker is not None and speaker.office and label.voice.named:
            found.setdefault(plainly(speaker.name), speaker)
    return found


def _only_official(text: str, plain: str, end: int, people: Mapping[str, Speaker]) -> Speaker | None:
    """The one official that the words before the first label speak of."""
    there = {
        name
        for name in people
        if name in plain[:end] and not (people[name].office or "").endswith(("记者", "主持人"))
    }
    if len(there) == 1:
        return people[there.pop()]
    unnamed = {text[found.start() : found.end()] for found in _UNNAMED.finditer(plain, 0, end)}
    return Speaker(unnamed.pop()) if len(unnamed) == 1 and not there else None


def _speaker(label: Candidate, people: Mapping[str, Speaker]) -> Speaker | None:
    """The speaker of a label, with the office stated elsewhere."""
    speaker = label.voice.speaker
    if speaker is None:
        return None
    known = people.get(plainly(speaker.name))
    if known is not None and (not speaker.office or (known.office or "").endswith(speaker.office)):
        return known
    if label.voice.named and not speaker.office and known is None:
        holders = [p for p in people.values() if p.office and plainly(p.office) == plainly(speaker.name)]
        if len(holders) == 1:
            return holders[0]
        surname, title = plainly(speaker.name)[:1], plainly(speaker.name)[1:]
        meant = [
            p
            for name, p in people.items()
            if title and name[0] == surname and title in plainly(p.office or "")
        ]
        return meant[0] if len(meant) == 1 else speaker
    return speaker


def _utterances(runs: Sequence[Run], plain: str, people: Mapping[str, Speaker]) -> list[Utterance]:
    found = []
    presented: Speaker | None = None
    for run in runs:
        said = " ".join(plain[span.start : span.end] for span in run.spans)
        if run.note:
            presented = _presented(said, people) or presented
        elif run.label is not None:
            voice, speaker = run.label.voice, _speaker(run.label, people)
            found.append(Utterance(voice.part, speaker, voice.named, said, presented))
            presented = None
    return found


def _presented(note: str, people: Mapping[str, Speaker]) -> Speaker | None:
    """The one that a note announces as who replies: the only guest of a list, the unit of 答复单位."""
    label, colon, who = note.partition(":")
    if colon and label.strip() in vocabulary().units and who.strip():
        return Speaker(who.strip())
    there = {name for name in people if name in who}
    guest = label.strip() in {*vocabulary().guests, "嘉宾"} and len(there) == 1
    return people[there.pop()] if guest else None


def _spoken(
    runs: Sequence[Run], kinds: Iterator[Heard], prose: Speeches, text: str, plain: str
) -> Iterator[Spoken]:
    floor: Speaker | None = None
    for run in runs:
        whole = Span(run.spans[0].start, run.spans[-1].end)
        if run.note:
            yield Spoken(run.section, (Piece(whole, Speech.NARRATION, kind=TurnKind.NARRATION),))
        elif run.label is None:
            parsed = parsed_block(prose, Block(ParagraphKind.BODY, whole), text, floor)
            floor = parsed.floor
            yield Spoken(run.section, parsed.pieces)
        else:
            said = next(kinds)
            yield Spoken(run.section, (Piece(whole, Speech.DIRECT, said.speaker, kind=said.kind),))
