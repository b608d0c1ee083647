"""The answers to the questions written blind over the founding briefings hold their level."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.engine import Engine
from qa.model import Answer, Status
from qa.settings import seed_corpus
from qa.text import squash
from tests.bench.sets import Asked, judged

GOLDEN = Path(__file__).parent / "data" / "golden.jsonl"
MOST_QUOTED = 300
LEAST_RIGHT = 0.88
LEAST_REFUSED = 0.85


def is_right(asked: Asked, answer: Answer) -> bool:
    """Whether an answer is right by the rules of the question set: every fact, in at most 300 characters."""
    if not asked.answerable:
        return answer.status is not Status.ANSWERED
    quoted = squash("".join(citation.quote for citation in answer.citations))
    facts = all(any(squash(snippet) in quoted for snippet in fact) for fact in asked.facts)
    cited = any(name in c.transcript.id for name in asked.documents for c in answer.citations)
    return facts and cited and len(quoted) <= MOST_QUOTED


@pytest.fixture(scope="module")
def outcomes(engine: Engine) -> list[tuple[Asked, Answer]]:
    return [(asked, engine.ask(asked.text)) for asked in judged(GOLDEN)]


def _sources() -> Iterator[str]:
    for path in sorted((seed_corpus() / "transcripts").glob("*/source.txt")):
        yield squash(path.read_text(encoding="utf-8"))


def test_enough_of_the_blind_questions_are_answered_rightly(outcomes: list[tuple[Asked, Answer]]) -> None:
    """At least the share held so far of the questions the briefings answer is answered with the facts."""
    told = [is_right(asked, answer) for asked, answer in outcomes if asked.answerable]
    assert sum(told) / len(told) >= LEAST_RIGHT


def test_enough_of_the_unanswerable_questions_are_refused(outcomes: list[tuple[Asked, Answer]]) -> None:
    """At least the share held so far of the questions that no briefing answers is refused."""
    untold = [is_right(asked, answer) for asked, answer in outcomes if not asked.answerable]
    assert sum(untold) / len(untold) >= LEAST_REFUSED


def test_every_quote_stands_in_a_source_file(outcomes: list[tuple[Asked, Answer]]) -> None:
    """Whatever is quoted, as answer or as related, stands word for word in a source file."""
    sources = list(_sources())
    for _, answer in outcomes:
        for citation in (*answer.citations, *answer.related):
            assert any(squash(citation.quote) in source for source in sources)


@pytest.mark.data
def test_the_judged_questions_are_answered_at_the_level_reached(engine: Engine, data: Path) -> None:
    """Nine in ten of the judged questions are right, in each half, with at most 120 characters quoted."""
    outcomes = [(q, engine.ask(q.text)) for q in judged(data / "questions" / "dev.jsonl")]
    for half in (True, False):
        right = [is_right(q, a) for q, a in outcomes if q.fit is half]
        assert sum(right) / len(right) >= 0.90
    lengths = sorted(sum(len(c.quote) for c in a.citations) for _, a in outcomes if a.citations)
    assert lengths[len(lengths) // 2] <= 120


def test_the_best_transcript_is_the_best_however_many_are_asked_for(engine: Engine) -> None:
    """For every blind question, fewer hits are the beginning of more."""
    for asked in judged(GOLDEN):
        one, two = (engine.ask(asked.text, hits=k).hits for k in (1, 2))
        assert one is not None
        assert two is not None
        assert one == two[:1], asked.id


def test_the_blind_questions_are_read_whole() -> None:
    """The file holds ninety questions, sixty of them answerable."""
    rows = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    assert (len(rows), sum(row["answerable"] for row in rows)) == (90, 60)
