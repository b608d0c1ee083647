"""What a run of FAQ cases found: frozen records that go to JSON and back to the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pydantic import TypeAdapter, ValidationError

from qa.coverage import wording
from qa.coverage.cases import CaseSet, FaqCase
from qa.errors import FaqError

__all__ = [
    "AskedAs",
    "CaseResult",
    "Cause",
    "Ground",
    "PassageRecord",
    "QuoteRecord",
    "Run",
    "RunSettings",
    "SentenceRecord",
    "Verdict",
]

FORMAT = 1


class Verdict(StrEnum):
    """Whether a case came out as expected."""

    RIGHT = "right"
    """Answered, in the words expected."""
    WRONG = "wrong"
    """Answered in other words, or although it should not be answered."""
    REFUSED_RIGHTLY = "refused_rightly"
    REFUSED_WRONGLY = "refused_wrongly"

    @property
    def ok(self) -> bool:
        """Whether it is as it should be."""
        return self in (Verdict.RIGHT, Verdict.REFUSED_RIGHTLY)


class Cause(StrEnum):
    """Why a case did not come out as expected."""

    NONE = "none"
    IMPOSSIBLE = "impossible"
    """What is expected stands nowhere in the transcripts."""
    NOT_FOUND = "not_found"
    NOT_CHOSEN = "not_chosen"
    CUT = "cut"
    REFUSED = "refused"
    DECLINED = "declined"
    ANSWERED = "answered"
    """Answered although it should be refused."""


class AskedAs(StrEnum):
    """How a question was worded: as the case has it, or changed automatically."""

    QUESTION = "question"
    VARIANT = "variant"
    TRADITIONAL = "traditional"
    PINYIN = "pinyin"
    PINYIN_WORD = "pinyin_word"
    HOMOPHONE = "homophone"
    SLIP = "slip"
    DIALECT = "dialect"

    @property
    def made(self) -> bool:
        """Whether the wording was made automatically."""
        return self not in (AskedAs.QUESTION, AskedAs.VARIANT)


@dataclass(frozen=True, slots=True)
class QuoteRecord:
    """Words quoted; ``start`` and ``end`` count code points of the transcript's reading text."""

    transcript: str
    start: int
    end: int
    quote: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one wording of a case.

    ``variant`` is 0 for the question itself and n for its n-th variant; wordings made automatically are
    made of the question. ``confidence`` is rounded to four places. ``reason`` says in words why the
    verdict is not as it should be. ``otherwise`` is the verdict had the question been answered whatever
    the confidence, or None when there is nothing to quote.
    """

    case: str
    asked: str
    variant: int
    kind: AskedAs
    status: str
    confidence: float
    quotes: tuple[QuoteRecord, ...]
    verdict: Verdict
    cause: Cause = Cause.NONE
    reason: str = ""
    otherwise: Verdict | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells a wording from all others of a run."""
        return (self.case, self.kind, self.asked)


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run was asked with. ``answer`` is the confidence from which questions are answered,
    ``near`` the nearness in [0, 2] from which words are shown where nothing answers."""

    program: str
    passage_chars: int
    candidates: int
    as_of: str | None
    answer: float
    near: float
    robust: bool


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """A passage that could be quoted; ``words`` are its first words."""

    transcript: str
    start: int
    end: int
    speaker: str | None
    department: str | None
    words: str


@dataclass(frozen=True, slots=True)
class SentenceRecord:
    """A sentence that could answer a question."""

    transcript: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What there was to quote. ``titles`` are the transcripts' titles by id, ``departments`` the offices
    of the cases' owners and speakers, each by the name it is known under here."""

    titles: Mapping[str, str]
    passages: tuple[PassageRecord, ...]
    sentences: tuple[SentenceRecord, ...]
    departments: Mapping[str, str]


@dataclass(frozen=True)
class Run:
    """A run of cases over one version. The same version, settings and cases make the same run.

    ``corpus`` is the digest of everything that decides answers, ``faq`` that of the cases.
    """

    corpus: str
    settings: RunSettings
    faq: str
    cases: tuple[FaqCase, ...]
    results: tuple[CaseResult, ...]
    ground: Ground
    format: int = FORMAT

    @cached_property
    def by_id(self) -> Mapping[str, FaqCase]:
        """The cases by id."""
        return {case.id: case for case in self.cases}

    @property
    def asked(self) -> tuple[CaseResult, ...]:
        """The results of the wordings people wrote."""
        return tuple(result for result in self.results if not result.kind.made)

    @property
    def share_right(self) -> float:
        """The share of people's wordings that came out as expected, in [0, 1]; 1 when there are none."""
        asked = self.asked
        return sum(result.verdict.ok for result in asked) / len(asked) if asked else 1.0

    @property
    def case_set(self) -> CaseSet:
        """The cases, to be run again."""
        return CaseSet(self.cases, self.faq)

    def to_json(self) -> bytes:
        """The run as JSON, readable, ending with a line break; the same run, the same bytes."""
        return _RUN.dump_json(self, indent=1) + b"\n"

    @classmethod
    def from_json(cls, data: bytes, name: str) -> Run:
        """The run that :meth:`to_json` wrote; ``name`` is told in an error.

        Raises:
            FaqError: if it is no run, or of another format.
        """
        try:
            run = _RUN.validate_json(data)
        except ValidationError as error:
            raise _unreadable(name, f"{error.error_count()} errors") from error
        if run.format != FORMAT:
            raise _unreadable(name, f"format {run.format}")
        return run


def _unreadable(name: str, detail: str) -> FaqError:
    return FaqError(wording.RUN_UNREADABLE.format(name=name), code="run_invalid", detail=detail)


_RUN = TypeAdapter(Run)
