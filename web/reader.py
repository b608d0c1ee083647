"""A transcript as it is read: headings, paragraphs, who speaks, and the cited words marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from qa.model import Expired, Source, SourceUnit, Span, Speaker, Speech, Transcript, Turn, TurnKind
from qa.text import fold
from qa.transcripts.places import place_in_file, places
from web import wording
from web.views import Piece

__all__ = ["MOST_FOUND", "Block", "blocks", "find_words", "parse_span"]

MOST_FOUND: Final = 200
"""Places a search marks at most."""
_MAX_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph; ``labels`` say who speaks, where that changes.

    ``anchor`` is the block's place for links: ``section-3`` of a heading, ``speaker-1`` where somebody
    speaks first. ``introduces`` is that speaker. ``expired`` are the words below that no longer hold, told
    where they end. ``place`` is the page of the file where one begins or ends in the block, or the paragraph
    of cited words.
    """

    heading: bool
    labels: tuple[str, ...]
    pieces: tuple[Piece, ...]
    anchor: str | None = None
    introduces: Speaker | None = None
    expired: tuple[Expired, ...] = ()
    place: str | None = None

    @property
    def text(self) -> str:
        """The block's words."""
        return "".join(piece.text for piece in self.pieces)


def find_words(text: str, words: str) -> tuple[Span, ...]:
    """Where ``words`` stand in ``text``, whatever their width and capitals; at most ``MOST_FOUND`` places."""
    wanted, searched, at = fold(words), fold(text), 0
    found: list[Span] = []
    while wanted and len(found) < MOST_FOUND and (at := searched.find(wanted, at)) >= 0:
        found.append(Span(at, at + len(wanted)))
        at += len(wanted)
    return tuple(found)


def parse_span(start: str | None, end: str | None, length: int) -> Span | None:
    """The span two query values name, or None if they name no words of a text of ``length``."""
    first, last = _number(start), _number(end)
    if first is None or last is None or not first < last <= length:
        return None
    return Span(first, last)


def _number(value: str | None) -> int | None:
    plain = value is not None and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS
    return int(value) if plain and value else None


def blocks(transcript: Transcript, cite: Span | None, hits: Sequence[Span] = ()) -> tuple[Block, ...]:
    """The transcript from top to bottom, the words of ``cite`` marked, the first of them an anchor.

    ``hits`` are places found by a search, marked and numbered apart from the citation.
    """
    found: list[Block] = []
    labels, led, numbers = _Labels(), set[int](), _Places(transcript.source)
    anchored, sections = False, 0
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
        pieces = _pieces(transcript, span, cite, hits, led, anchor=not anchored)
        over = tuple(e for e in transcript.expired if span.start < e.span.end <= span.end)
        anchored = anchored or any(piece.anchor for piece in pieces)
        place = numbers.at(span, cited=any(piece.marked for piece in pieces))
        if heading:
            labels.heading()
            found.append(Block(True, (), pieces, f"section-{sections}", expired=over, place=place))
            sections += 1
            continue
        spoken = labels.paragraph(here)
        met = labels.introduced
        anchor = f"speaker-{labels.met}" if met is not None else None
        found.append(Block(False, spoken, pieces, anchor, met, over, place))
    return tuple(found)


class _Places:
    """Says where in the file a block stands: where a page begins, and which paragraph is cited."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._page = 0

    def at(self, span: Span, *, cited: bool) -> str | None:
        """What is told above the block ``span``."""
        held = places(self._source, span)
        if not held:
            return None
        if self._source.unit is SourceUnit.PARAGRAPH:
            return place_in_file(self._source, span) if cited else None
        first, before, self._page = held[0].start, self._page, held[-1].end - 1
        return place_in_file(self._source, span) if before != first or self._page != first else None


class _Labels:
    """Says who speaks in a paragraph, where that changes from one paragraph to the next."""

    def __init__(self) -> None:
        self._shown: tuple[tuple[Speaker | None, tuple[str, ...]], ...] = ()
        self._met: set[Speaker] = set()
        self.introduced: Speaker | None = None

    @property
    def met(self) -> int:
        """How many speakers have been named so far."""
        return len(self._met)

    def heading(self) -> None:
        """After a heading, who speaks is said again."""
        self._shown = ()

    def paragraph(self, turns: Sequence[Turn]) -> tuple[str, ...]:
        """The labels above a paragraph of ``turns``."""
        voices, self.introduced = _voices(turns), None
        if voices == self._shown:
            return ()
        self._shown = voices
        return tuple(self._label(speaker, manners) for speaker, manners in voices)

    def _label(self, speaker: Speaker | None, manners: tuple[str, ...]) -> str:
        if speaker is None:
            return manners[0]
        introduced = speaker in self._met
        if not introduced:
            self._met.add(speaker)
            self.introduced = speaker
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


def _pieces(
    transcript: Transcript,
    span: Span,
    cite: Span | None,
    hits: Sequence[Span],
    led: set[int],
    *,
    anchor: bool,
) -> tuple[Piece, ...]:
    """A block cut where the citation, a hit or expired words begin or end; ``led`` are the hits that have an
    anchor."""
    marked = [cite] if cite is not None and cite.overlaps(span) else []
    numbered = [(n, hit) for n, hit in enumerate(hits) if hit.overlaps(span)]
    over = [expired.span for expired in transcript.expired if expired.span.overlaps(span)]
    borders = {span.start, span.end}
    for mark in (*marked, *over, *(hit for _, hit in numbered)):
        borders |= {max(mark.start, span.start), min(mark.end, span.end)}
    cuts, pieces = sorted(borders), list[Piece]()
    for start, end in pairwise(cuts):
        here = Span(start, end)
        cited = bool(marked) and marked[0].contains(here)
        hit = next((n for n, place in numbered if place.contains(here)), None)
        leads = hit is not None and hit not in led
        if hit is not None:
            led.add(hit)
        gone = any(place.contains(here) for place in over)
        pieces.append(Piece(here.of(transcript.text), cited, anchor and cited, hit, leads, gone))
        anchor = anchor and not cited
    return tuple(pieces)
