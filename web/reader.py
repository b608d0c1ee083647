"""A transcript as it is read: headings, paragraphs, who speaks, and the cited words marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.model import Span, Speaker, Speech, Transcript, Turn, TurnKind
from web import wording
from web.views import Piece, split_by_marks

__all__ = ["Block", "blocks", "parse_span"]

_MAX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph; ``labels`` say who speaks, where that changes."""

    heading: bool
    labels: tuple[str, ...]
    pieces: tuple[Piece, ...]


def parse_span(start: str | None, end: str | None, length: int) -> Span | None:
    """The span two query values name, or None if they name no words of a text of ``length``."""
    first, last = _number(start), _number(end)
    if first is None or last is None or not first < last <= length:
        return None
    return Span(first, last)


def _number(value: str | None) -> int | None:
    plain = value is not None and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS
    return int(value) if plain and value else None


def blocks(transcript: Transcript, cite: Span | None) -> tuple[Block, ...]:
    """The transcript from top to bottom, the words of ``cite`` marked, the first of them an anchor."""
    found: list[Block] = []
    labels = _Labels()
    anchored = False
    turns = iter(transcript.turns)
    turn = next(turns, None)
    for span, heading in _cut(transcript):
        here: list[Turn] = []
        while turn is not None and turn.span.start < span.end:
            if turn.span.overlaps(span):
                here.append(turn)
            if turn.span.end > span.end:
                break
            turn = next(turns, None)
        pieces = _pieces(transcript.text, span, cite, anchor=not anchored)
        anchored = anchored or any(piece.anchor for piece in pieces)
        if heading:
            labels.heading()
        found.append(Block(heading, () if heading else labels.paragraph(here), pieces))
    return tuple(found)


class _Labels:
    """Says who speaks in a paragraph, where that changes from one paragraph to the next."""

    def __init__(self) -> None:
        self._shown: tuple[tuple[Speaker | None, tuple[str, ...]], ...] = ()
        self._met: set[Speaker] = set()

    def heading(self) -> None:
        """After a heading, who speaks is said again."""
        self._shown = ()

    def paragraph(self, turns: Sequence[Turn]) -> tuple[str, ...]:
        """The labels above a paragraph of ``turns``."""
        voices = _voices(turns)
        if voices == self._shown:
            return ()
        self._shown = voices
        return tuple(self._label(speaker, manners) for speaker, manners in voices)

    def _label(self, speaker: Speaker | None, manners: tuple[str, ...]) -> str:
        if speaker is None:
            return manners[0]
        introduced = speaker in self._met
        self._met.add(speaker)
        return wording.speaker_label(speaker, manners, introduced=introduced)


def _voices(turns: Sequence[Turn]) -> tuple[tuple[Speaker | None, tuple[str, ...]], ...]:
    """Who speaks in ``turns`` and how. Where somebody speaks, the words that introduce them go unsaid."""
    manners: dict[Speaker | None, dict[str, None]] = {}
    for turn in turns:
        if turn.speaker or turn.kind is TurnKind.QUESTION or turn.speech is Speech.NARRATION:
            manners.setdefault(turn.speaker, {})[wording.manner(turn.kind, turn.speech)] = None
    if any(speaker is not None for speaker in manners):
        manners.pop(None, None)
    return tuple((speaker, tuple(hows)) for speaker, hows in manners.items())


def _cut(transcript: Transcript) -> Iterator[tuple[Span, bool]]:
    """Lines of the text without surrounding white space, headings apart from what follows them."""
    at = 0
    for section in sorted(transcript.sections, key=lambda s: s.span):
        yield from ((span, False) for span in _lines(transcript.text, at, section.span.start))
        yield section.span, True
        at = section.span.end
    yield from ((span, False) for span in _lines(transcript.text, at, len(transcript.text)))


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for line in text[start:end].splitlines(keepends=True):
        words = line.strip()
        if words:
            first = at + line.index(words)
            yield Span(first, first + len(words))
        at += len(line)


def _pieces(text: str, span: Span, cite: Span | None, *, anchor: bool) -> tuple[Piece, ...]:
    words = span.of(text)
    if cite is None or not cite.overlaps(span):
        return (Piece(words),)
    inside = Span(max(cite.start, span.start), min(cite.end, span.end)).shift(-span.start)
    pieces = split_by_marks(words, [inside])
    return tuple(Piece(p.text, p.marked, anchor=p.marked and anchor) for p in pieces)
