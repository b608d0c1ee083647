"""Statements of office, looked up by name and by office instead of gone through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qa.model import Attribution, Transcript, Turn
from qa.retrieval.protocol import Statement

__all__ = ["HeldStatements", "statements_of"]


class HeldStatements:
    """The statements of transcripts that are in memory; see :class:`qa.retrieval.protocol.Statements`."""

    def __init__(self, transcripts: Sequence[Transcript]) -> None:
        self._transcripts = transcripts
        self._held: list[tuple[Statement, Attribution]] = []
        self._by_name: dict[str, list[int]] = {}
        self._by_office: dict[str, list[int]] = {}
        for number, transcript in enumerate(transcripts):
            for statement, attribution in statements_of(number, transcript):
                at = len(self._held)
                self._by_name.setdefault(attribution.speaker.name, []).append(at)
                self._by_office.setdefault(attribution.speaker.office or "", []).append(at)
                self._held.append((statement, attribution))

    def names(self) -> Iterable[str]:
        """See :class:`~qa.retrieval.protocol.Statements`."""
        return self._by_name

    def offices(self) -> Iterable[str]:
        """See :class:`~qa.retrieval.protocol.Statements`."""
        return self._by_office

    def of_names(self, names: Iterable[str]) -> Sequence[Statement]:
        """See :class:`~qa.retrieval.protocol.Statements`."""
        return self._of(self._by_name, names)

    def of_offices(self, offices: Iterable[str]) -> Sequence[Statement]:
        """See :class:`~qa.retrieval.protocol.Statements`."""
        return self._of(self._by_office, offices)

    def parts(self, statement: Statement) -> tuple[Transcript, Turn, Attribution]:
        """See :class:`~qa.retrieval.protocol.Statements`."""
        transcript = self._transcripts[statement.document]
        return transcript, transcript.turns[statement.turn], transcript.attributions[statement.attribution]

    def _of(self, held: Mapping[str, Sequence[int]], wanted: Iterable[str]) -> Sequence[Statement]:
        places = sorted({at for key in wanted for at in held.get(key, ())})
        return [self._held[at][0] for at in places]


def statements_of(number: int, transcript: Transcript) -> Iterable[tuple[Statement, Attribution]]:
    """The statements of office of a transcript, its number being ``number``, that still hold."""
    for at, attribution in enumerate(transcript.attributions):
        if not transcript.holds(attribution.span):
            continue
        turn = _turn_of(transcript, attribution)
        if turn is not None:
            length = len(transcript.turns[turn].span)
            yield Statement(number, transcript.date, turn, length, attribution.span, at), attribution


def _turn_of(transcript: Transcript, attribution: Attribution) -> int | None:
    return next((at for at, t in enumerate(transcript.turns) if t.span.contains(attribution.span)), None)
