"""What is damaged in a state of the corpus, and what is doubtful."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from qa.engine import lexicon_folder
from qa.errors import CorpusError, IndexFormatError, MinshengError, VersionError
from qa.language.lexicon import load_lexicon
from qa.model import Passage, SourceUnit, Span, Transcript
from qa.questions import load_questions
from qa.retrieval.opening import check_index
from qa.retrieval.passages import passages
from qa.text import squash
from qa.transcripts.catalogue import read_transcript
from qa.versions.doubts import Doubt, DoubtKind, known_speakers, own_doubts
from qa.versions.inventory import INDEX, MANIFEST, damage, read_manifest
from qa.versions.shingles import alike

__all__ = ["Checked", "Damage", "DamageKind", "Noted", "Watch", "check_corpus"]

Watch = Callable[[Sequence[Path]], Iterable[Path]]
"""Passes the transcripts' folders on one by one, and may show how far it is."""


class DamageKind(StrEnum):
    """What makes a state of the corpus unfit to be served."""

    TRANSCRIPT = "transcript"
    SPANS = "spans"
    REPLACEMENT = "replacement"
    FILE = "file"
    LEXICON = "lexicon"
    QUESTIONS = "questions"
    INDEX = "index"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Damage:
    """Something damaged: where, and what, as people are told."""

    kind: DamageKind
    where: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A doubt about a transcript."""

    transcript: str
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found."""

    transcripts: int
    damage: tuple[Damage, ...]
    noted: tuple[Noted, ...]


def check_corpus(corpus: Path, watch: Watch = iter) -> Checked:
    """Reads everything of a corpus folder (the draft, a version, the seed) and says what is wrong with it."""
    found: list[Damage] = list(_version_damage(corpus)) if (corpus / MANIFEST).is_file() else []
    found += _read_damage(DamageKind.LEXICON, lambda: load_lexicon(lexicon_folder(corpus)))
    found += _read_damage(DamageKind.QUESTIONS, lambda: load_questions(corpus / "faq"))
    folder = corpus / "transcripts"
    held = folder.iterdir() if folder.is_dir() else ()
    folders = sorted(f for f in held if f.is_dir() and not f.name.startswith("."))
    if not folders:
        found.append(Damage(DamageKind.EMPTY, folder.name))
    transcripts = []
    for one in watch(folders):
        try:
            transcript = read_transcript(one)
        except CorpusError as error:
            found.append(Damage(DamageKind.TRANSCRIPT, one.name, error.message))
            continue
        transcripts.append(transcript)
        found += (Damage(DamageKind.SPANS, one.name, what) for what in _span_damage(transcript, one))
    found += _replacement_damage(transcripts)
    return Checked(len(transcripts), tuple(found), tuple(_noted(transcripts)))


def _version_damage(folder: Path) -> Iterator[Damage]:
    try:
        manifest = read_manifest(folder)
    except VersionError as error:
        yield Damage(DamageKind.FILE, MANIFEST, error.message)
        return
    for name in damage(folder, manifest):
        yield Damage(DamageKind.FILE, name)
    try:
        check_index(folder / INDEX)
    except (IndexFormatError, CorpusError) as error:
        yield Damage(DamageKind.INDEX, INDEX, error.message)


def _read_damage(kind: DamageKind, read: Callable[[], object]) -> Iterator[Damage]:
    try:
        read()
    except MinshengError as error:
        yield Damage(kind, kind.value, error.message)


def _span_damage(transcript: Transcript, folder: Path) -> Iterator[str]:
    """What of a transcript's spans does not fit its text, or its text its source: a word for each."""
    whole = Span(0, len(transcript.text))
    spans = [
        *(turn.span for turn in transcript.turns),
        *(section.span for section in transcript.sections),
        *(attribution.span for attribution in transcript.attributions),
        *(expired.span for expired in transcript.expired),
    ]
    if not all(whole.contains(span) for span in spans):
        yield "outside"
    if any(not 0 <= (turn.replies_to or 0) < len(transcript.turns) for turn in transcript.turns):
        yield "reply"
    if squash("".join(map(_words, passages(transcript)))) != squash("".join(_turns(transcript))):
        yield "passages"
    if not _covers(transcript):
        yield "source"
    if hashlib.sha256((folder / transcript.source.name).read_bytes()).hexdigest() != transcript.source.sha256:
        yield "sha256"


def _words(passage: Passage) -> str:
    return passage.text


def _turns(transcript: Transcript) -> Iterator[str]:
    return (turn.span.of(transcript.text) for turn in transcript.turns)


def _covers(transcript: Transcript) -> bool:
    """Whether every code point of the text has its place in the source."""
    if transcript.source.unit is not SourceUnit.CODEPOINT:
        return bool(transcript.source.runs)
    at = 0
    for run in transcript.source.runs:
        if run.start != at or run.end <= run.start:
            return False
        at = run.end
    return at == len(transcript.text)


def _replacement_damage(transcripts: Sequence[Transcript]) -> Iterator[Damage]:
    by_id = {transcript.id: transcript for transcript in transcripts}
    for transcript in transcripts:
        for expired in transcript.expired:
            place = expired.replaced_by
            if place is None:
                continue
            other = by_id.get(place.transcript)
            if other is None or place.span.end > len(other.text) or not other.holds(place.span):
                yield Damage(DamageKind.REPLACEMENT, transcript.id, place.transcript)


def _noted(transcripts: Sequence[Transcript]) -> Iterator[Noted]:
    known = known_speakers(transcripts)
    for transcript in transcripts:
        for doubt in own_doubts(transcript, known):
            yield Noted(transcript.id, doubt)
    for one, other, share in alike([transcript.text for transcript in transcripts]):
        about = f"{transcripts[one].id}（{share:.0%}）"
        yield Noted(transcripts[other].id, Doubt(DoubtKind.NEAR_DUPLICATE, about))
