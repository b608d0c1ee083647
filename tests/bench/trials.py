"""Asking the questions, both ways: the engine's and the plain one."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.answering.evidence import Evidence
from qa.engine import Engine, Explanation
from qa.model import Answer, Transcript
from qa.text import squash
from qa.wire import answer_out
from tests.bench.baseline import Found, Plain, Trial, fit_threshold, units
from tests.bench.metrics import first_rank
from tests.bench.results import Result
from tests.bench.sets import Asked, is_off_topic, judged

__all__ = [
    "HITS",
    "Judge",
    "JudgedSet",
    "ask_judged",
    "ask_public",
    "best_evidence",
    "plain_judged",
    "plain_public",
    "plain_threshold",
    "ranks",
]

HITS = 10
"""How many documents are looked at for a rank."""
CANDIDATES = 12
"""How many passages are read when a question's documents are taken out, as the engine's default."""
JUDGED_CHARS = 300

Row = Mapping[str, Any]
Verdict = Callable[[Row, Row, int, Sequence[str]], str]


@dataclass(frozen=True)
class Judge:
    """The judge's ``verdict``, and the source texts it looks quotes up in, white space removed."""

    verdict: Verdict
    sources: tuple[str, ...]

    @classmethod
    def load(cls, data: Path, transcripts: Path) -> Judge:
        """The judge kept in ``data``; sources from there or, failing that, from ``transcripts``."""
        spec = importlib.util.spec_from_file_location("judge", data / "judge" / "judge.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        texts = sorted((data / "transcripts").glob("*.txt")) or sorted(transcripts.rglob("source.txt"))
        return cls(module.verdict, tuple(squash(path.read_text(encoding="utf-8")) for path in texts))

    def of(self, row: Row, reply: Row) -> str:
        """``right`` or what is wrong with a reply, an answer on the wire or as much of one as is judged."""
        return self.verdict(row, reply, JUDGED_CHARS, self.sources)


@dataclass(frozen=True)
class JudgedSet:
    """Judged questions, as they stand in the file and as they are asked."""

    rows: tuple[Row, ...]
    asked: tuple[Asked, ...]

    @classmethod
    def load(cls, path: Path) -> JudgedSet:
        """The questions of a file in the format of ``golden.README.md``."""
        lines = path.read_text(encoding="utf-8").splitlines()
        return cls(tuple(json.loads(line) for line in lines if line.strip()), tuple(judged(path)))

    def pairs(self) -> Iterator[tuple[Row, Asked]]:
        """Each row with the question made of it."""
        return zip(self.rows, self.asked, strict=True)


def ask_judged(
    engine: Engine, questions: JudgedSet, judge: Judge, *, repair: bool = True
) -> list[tuple[Result, Explanation]]:
    """Every question asked and judged."""
    found = []
    for row, asked in questions.pairs():
        explained = engine.explain(asked.text, repair=repair)
        verdict = judge.of(row, answer_out(explained.answer).model_dump(mode="json", by_alias=True))
        result = replace(_result(asked, explained, verdict, _style(row)), off=is_off_topic(row))
        found.append((result, explained))
    return found


def ask_public(
    engine: Engine, questions: Sequence[Asked], most_chars: int, clean_every: int = 0
) -> list[Result]:
    """Every question asked, right when a gold answer stands inside at most ``most_chars`` quoted.

    Every ``clean_every``-th is asked again with its documents taken out.
    """
    found = []
    for at, asked in enumerate(questions):
        explained = engine.explain(asked.text, hits=HITS)
        verdict = _verdict(asked, _quoted(explained.answer), most_chars)
        clean = _without(engine, explained, asked) if clean_every and at % clean_every == 0 else None
        found.append(_result(asked, explained, verdict, "", clean))
    return found


def ranks(engine: Engine, questions: Sequence[tuple[Asked, str]], *, repair: bool) -> list[int]:
    """The place of the first right document for each question, asked in the words given."""
    return [_rank(engine.ask(text, repair=repair, hits=HITS), asked) for asked, text in questions]


def best_evidence(explained: Explanation) -> Evidence | None:
    """The evidence the confidence is about."""
    readings = [r for r in explained.decision.readings if r.best is not None]
    surest = max(readings, key=lambda r: r.confidence, default=None)
    return None if surest is None or surest.best is None else surest.best.evidence


def _result(
    asked: Asked,
    explained: Explanation,
    verdict: str,
    style: str,
    clean: tuple[float, bool] | None = None,
) -> Result:
    answer = explained.answer
    best = best_evidence(explained)
    return Result(
        id=asked.id,
        fit=asked.fit,
        answerable=asked.answerable,
        answered=bool(answer.citations),
        right=verdict == "right",
        verdict=verdict,
        score=answer.confidence,
        quoted=len(_quoted(answer) or ""),
        rank=_rank(answer, asked),
        style=style,
        held=best is not None and _holds(best, asked),
        near=bool(answer.related),
        clean=clean,
    )


def _quoted(answer: Answer) -> str | None:
    return squash("".join(c.quote for c in answer.citations)) if answer.citations else None


def _rank(answer: Answer, asked: Asked) -> int:
    return first_rank([hit.passage.transcript.id for hit in answer.hits or ()], asked.documents)


def _style(row: Row) -> str:
    kind = "answerable" if row["answerable"] else "unanswerable"
    return f"{kind} {row['style'].split(':')[0]}"


def _verdict(asked: Asked, quoted: str | None, most_chars: int) -> str:
    """As the judge's, for a public question; ``quoted`` is None where it was refused."""
    if not asked.answerable:
        return "right" if quoted is None else "false answer"
    if quoted is None:
        return "false refusal"
    if len(quoted) > most_chars:
        return "too long"
    return "right" if any(squash(gold) in quoted for gold in asked.gold) else "fact missing"


def _holds(evidence: Evidence, asked: Asked) -> bool:
    """Whether a clause shares words with a gold answer where it stands in a right document."""
    transcript = evidence.passage.transcript
    if not any(name in transcript.id for name in asked.documents):
        return False
    if asked.facts:
        words = squash(evidence.span.of(transcript.text))
        return any(squash(gold) in words for gold in asked.gold)
    return any(_overlaps(evidence, transcript, gold) for gold in asked.gold if gold)


def _overlaps(evidence: Evidence, transcript: Transcript, gold: str) -> bool:
    start = max(0, evidence.span.start - len(gold) + 1)
    at = transcript.text.find(gold, start)
    return 0 <= at < evidence.span.end


def _without(engine: Engine, explained: Explanation, asked: Asked) -> tuple[float, bool] | None:
    if not asked.documents:
        return None
    others = [hit for hit in explained.hits if hit.passage.transcript.id not in asked.documents]
    decision = engine.decide(explained.query, others[:CANDIDATES])
    return decision.confidence, decision.answers


# -- the plain way -------------------------------------------------------------------------------------


def plain_judged(plain: Plain, questions: JudgedSet, judge: Judge, threshold: float) -> list[Result]:
    """The judged questions, the plain way."""
    return [
        _plain_result(asked, found, judge.of(row, _plain_reply(found, threshold)), threshold, _style(row))
        for row, asked, found in _plain_found(plain, questions)
    ]


def plain_threshold(plain: Plain, questions: JudgedSet, judge: Judge) -> float:
    """The plain way's threshold, fitted on the fitting half."""
    refusal = {"status": "no_answer", "citations": []}
    return fit_threshold(
        [
            Trial(
                found[0].score,
                judge.of(row, _plain_reply(found, float("-inf"))) == "right",
                judge.of(row, refusal) == "right",
            )
            for row, asked, found in _plain_found(plain, questions)
            if asked.fit
        ]
    )


def plain_public(
    transcripts: Sequence[Transcript], questions: Sequence[Asked], most_chars: int
) -> list[Result]:
    """A public set the plain way, its threshold fitted on the set's own fitting half."""
    plain = Plain(unit for t in transcripts for unit in units(t.id, t.text, most_chars))
    found = [(asked, plain.top(asked.text)) for asked in questions]
    threshold = fit_threshold(
        [
            Trial(best[0].score, _plain_verdict(asked, best, most_chars) == "right", not asked.answerable)
            for asked, best in found
            if asked.fit
        ]
    )
    return [
        _plain_result(asked, best, _plain_verdict(asked, best, most_chars, threshold), threshold, "")
        for asked, best in found
    ]


def _plain_found(plain: Plain, questions: JudgedSet) -> Iterator[tuple[Row, Asked, tuple[Found, ...]]]:
    for row, asked in questions.pairs():
        yield row, asked, plain.top(asked.text)


def _plain_reply(found: Sequence[Found], threshold: float) -> Row:
    best = found[0]
    if best.score < threshold:
        return {"status": "no_answer", "citations": []}
    return {
        "status": "answered",
        "citations": [{"transcript": best.unit.document, "quote": best.unit.text}],
    }


def _plain_verdict(
    asked: Asked, found: Sequence[Found], most_chars: int, threshold: float = float("-inf")
) -> str:
    best = found[0]
    return _verdict(asked, squash(best.unit.text) if best.score >= threshold else None, most_chars)


def _plain_result(asked: Asked, found: Sequence[Found], verdict: str, threshold: float, style: str) -> Result:
    documents = list(dict.fromkeys(f.unit.document for f in found))[:HITS]
    return Result(
        id=asked.id,
        fit=asked.fit,
        answerable=asked.answerable,
        answered=found[0].score >= threshold,
        right=verdict == "right",
        verdict=verdict,
        score=found[0].score,
        quoted=len(squash(found[0].unit.text)),
        rank=first_rank(documents, asked.documents),
        style=style,
    )
