"""What the web side needs of an engine, and no more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qa.language.lexicon import Office
from qa.model import Answer, Citation, KnownQuestion, Passage, Transcript
from qa.questions import FaqQuestion

__all__ = ["AnswerEngine", "EngineSource", "FixedEngine"]


class AnswerEngine(Protocol):
    """Answers questions from one version of the corpus. ``qa.engine.Engine`` is one."""

    @property
    def corpus(self) -> str:
        """The digest of the version asked, ``sha256:…``."""

    @property
    def settings_digest(self) -> str:
        """The digest of the settings that decide answers, ``sha256:…``."""

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        """Every transcript of the version, by id."""

    @property
    def passages(self) -> Sequence[Passage]:
        """Every passage of the version."""

    def passages_of(self, transcript_id: str) -> Sequence[Passage]:
        """The passages of one transcript, in reading order."""

    @property
    def offered(self) -> tuple[FaqQuestion, ...]:
        """The staff's questions that this corpus answers, with their topics."""

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Questions this corpus is known to answer."""

    @property
    def known(self) -> tuple[KnownQuestion, ...]:
        """The same questions with their topics and what their answers cite."""

    @property
    def offices(self) -> tuple[Office, ...]:
        """Offices with what they are in charge of."""

    def source_file(self, transcript_id: str) -> Path | None:
        """The file a transcript was read from, where it is at hand."""

    def elsewhere(
        self,
        question: str,
        *,
        history: tuple[str, ...] = (),
        repair: bool = True,
        cited: Collection[str] = (),
    ) -> tuple[Citation, ...]:
        """What transcripts not in ``cited`` say of the same thing, oldest first."""

    def ask(
        self, question: str, *, history: tuple[str, ...] = (), repair: bool = True, hits: int = 0
    ) -> Answer:
        """The answer to a checked question."""


class EngineSource(Protocol):
    """Where a request finds the engine of the version now in force."""

    @property
    def current(self) -> AnswerEngine:
        """The engine of the moment. A request takes it once, so that it sees one version only."""


@dataclass(frozen=True, slots=True)
class FixedEngine:
    """A source whose engine never changes."""

    current: AnswerEngine
