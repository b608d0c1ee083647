"""What every form of a report says of a result, in words: expected, answered, where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qa.coverage import report_wording as wording
from qa.coverage.cases import FaqCase
from qa.coverage.charts import ORDER
from qa.coverage.records import CaseResult, Run
from qa.coverage.report import Group
from qa.coverage.wording import quoted
from qa.model import Status

__all__ = ["about", "answer_words", "counts_of", "expected_words", "numbered", "place_words"]

_DIGEST = 12


def expected_words(case: FaqCase) -> str:
    """What a case expects: 必含“25万元”；蒋仕惠所说."""
    if case.refuse:
        return wording.REFUSE_EXPECTED
    parts = []
    if case.all_of:
        parts.append(wording.ALL_OF.format(words=quoted(case.all_of)))
    if case.any_of:
        parts.append(wording.ANY_OF.format(words=quoted(case.any_of)))
    if not parts:
        parts.append(wording.ANY_ANSWER)
    if case.transcript is not None:
        parts.append(wording.FROM.format(name=case.transcript))
    if case.speaker is not None:
        parts.append(wording.BY.format(name=case.speaker))
    return wording.AND.join(parts)


def answer_words(result: CaseResult) -> str:
    """What was quoted, or that there was no answer."""
    if not result.quotes:
        return wording.STATUSES[Status(result.status)]
    return "".join(f"“{''.join(quote.quote.splitlines())}”" for quote in result.quotes)


def counts_of(group: Group) -> list[str]:
    """The counts of a group's verdicts, in the charts' order."""
    return [str(group.counts[verdict]) for verdict in ORDER]


def numbered(run: Run) -> Mapping[tuple[str, str, str], int]:
    """The numbers of people's wordings, from 1, by their keys."""
    return {result.key: number for number, result in enumerate(run.asked, 1)}


def place_words(titles: Mapping[str, str], transcript: str, speaker: str | None) -> str:
    """Where words stand: 《民生无小事》谢洪."""
    return f"《{titles.get(transcript, transcript)}》{speaker or ''}"


def about(run: Run) -> Iterator[str]:
    """What was asked with what: versions and settings, a line each."""
    settings = run.settings
    yield wording.ABOUT.format(
        corpus=run.corpus.removeprefix("sha256:")[:_DIGEST],
        program=settings.program,
        faq=run.faq.removeprefix("sha256:")[:_DIGEST],
    )
    yield wording.SETTINGS.format(
        passage_chars=settings.passage_chars,
        candidates=settings.candidates,
        as_of="" if settings.as_of is None else wording.AS_OF.format(as_of=settings.as_of),
        answer=f"{settings.answer:g}",
        near=f"{settings.near:g}",
    )
