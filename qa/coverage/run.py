"""Running FAQ cases: every wording is asked, its answer judged, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.about import program_version
from qa.coverage.cases import CaseSet, FaqCase
from qa.coverage.ground import ground_of
from qa.coverage.judge import Judge
from qa.coverage.records import AskedAs, CaseResult, QuoteRecord, Run, RunSettings
from qa.engine import Engine, Explanation
from qa.model import Citation

__all__ = ["Asked", "Watch", "run_cases", "settings_of_run", "wordings"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One wording of a case."""

    case: FaqCase
    text: str
    variant: int = 0
    kind: AskedAs = AskedAs.QUESTION

    @property
    def key(self) -> tuple[str, str, str]:
        """As that of the result it comes to."""
        return (self.case.id, self.kind, self.text)


Watch = Callable[[Sequence[Asked]], Iterable[Asked]]
"""Passes the wordings on one by one, and may show how far it is."""


def wordings(cases: Iterable[FaqCase]) -> Iterator[Asked]:
    """Every wording people wrote of ``cases``, in order."""
    for case in cases:
        for variant, text in enumerate(case.asked):
            yield Asked(case, text, variant, AskedAs.VARIANT if variant else AskedAs.QUESTION)


def run_cases(
    engine: Engine,
    cases: CaseSet,
    watch: Watch = iter,
    made: Sequence[Asked] = (),
    done: Mapping[tuple[str, str, str], CaseResult] | None = None,
    keep: Callable[[CaseResult], None] | None = None,
) -> Run:
    """Asks every wording of ``cases`` and judges the answers.

    Args:
        made: wordings made automatically, to be asked after people's (see :mod:`qa.coverage.robust`).
        done: results of the same run that are already there: not asked again.
        keep: is given every new result as soon as it is there.
    """
    judge = Judge(engine)
    asked = (*wordings(cases.cases), *made)
    results = []
    for one in watch(asked):
        result = (done or {}).get(one.key)
        if result is None:
            result = _ask(engine, judge, one)
            if keep is not None:
                keep(result)
        results.append(result)
    settings = settings_of_run(engine, robust=bool(made))
    ground = ground_of(engine, cases.cases)
    return Run(engine.corpus, settings, cases.digest, cases.cases, tuple(results), ground)


def settings_of_run(engine: Engine, robust: bool) -> RunSettings:
    """The settings an engine answers with, as a run keeps them."""
    return RunSettings(
        program=program_version(),
        passage_chars=engine.settings.passage_chars,
        candidates=engine.settings.candidates,
        as_of=engine.settings.as_of,
        answer=engine.fitted.answer,
        near=engine.fitted.near,
        robust=robust,
    )


def _ask(engine: Engine, judge: Judge, asked: Asked) -> CaseResult:
    explanation: Explanation = engine.explain(asked.text)
    judgement = judge.judge(asked.case, explanation)
    answer = explanation.answer
    return CaseResult(
        case=asked.case.id,
        asked=asked.text,
        variant=asked.variant,
        kind=asked.kind,
        status=answer.status,
        confidence=round(answer.confidence, 4),
        quotes=tuple(_quote(citation) for citation in answer.citations),
        verdict=judgement.verdict,
        cause=judgement.cause,
        reason=judgement.reason,
        otherwise=judgement.otherwise,
    )


def _quote(citation: Citation) -> QuoteRecord:
    who, span = citation.turn.speaker, citation.span
    return QuoteRecord(
        citation.transcript.id, span.start, span.end, citation.quote, None if who is None else who.name
    )
