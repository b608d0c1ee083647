"""Why a judged answer is wrong: at which step of the pipeline the fact was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.engine import Explanation
from qa.model import Citation
from qa.text import sentences, squash
from tests.bench.results import Result
from tests.bench.sets import Asked
from tests.bench.trials import best_evidence

__all__ = ["Wrong", "cause", "markdown", "wrongs"]


@dataclass(frozen=True)
class Wrong:
    """A wrong answer with its cause."""

    asked: Asked
    result: Result
    explained: Explanation
    cause: str


def cause(asked: Asked, result: Result, explained: Explanation) -> str:
    """Where the answer was lost, of one that is not right."""
    if not asked.answerable:
        return "false answer"
    quotes = squash("".join(c.quote for c in explained.answer.citations))
    missing = [fact for fact in asked.facts if not any(squash(snippet) in quotes for snippet in fact)]
    if any(not _among_hits(fact, asked, explained) for fact in missing):
        return "not found"
    if not result.answered:
        return "refused, best clause right" if result.held else "refused, best clause wrong"
    if not missing:
        return result.verdict
    if any(_cut(fact, c) for fact in missing for c in explained.answer.citations):
        return "chosen but cut"
    return "found but not chosen"


def wrongs(questions: Sequence[Asked], told: Sequence[tuple[Result, Explanation]]) -> Iterator[Wrong]:
    """The wrong ones of judged questions, in order."""
    for asked, (result, explained) in zip(questions, told, strict=True):
        if not result.right:
            yield Wrong(asked, result, explained, cause(asked, result, explained))


def markdown(found: Sequence[Wrong], head: str) -> str:
    """The wrong ones as a document: counts by cause, then each with what was wanted and given."""
    counts = Counter(wrong.cause for wrong in found)
    lines = ["# Wrong answers of the judged set", "", head, "", "| cause | wrong |", "|---|---|"]
    lines += [f"| {name} | {count} |" for name, count in counts.most_common()]
    for name, _ in counts.most_common():
        lines += ["", f"## {name}"]
        for wrong in found:
            if wrong.cause == name:
                lines += ["", *_entry(wrong)]
    return "\n".join(lines) + "\n"


def _entry(wrong: Wrong) -> Iterator[str]:
    half = "fit" if wrong.asked.fit else "report"
    yield f"### {wrong.asked.id} ({half}, {wrong.result.style}, confidence {wrong.result.score:.3f})"
    yield ""
    yield f"- asked: {wrong.asked.text}"
    for fact in wrong.asked.facts:
        yield f"- wanted ({', '.join(sorted(wrong.asked.documents))}): {' | '.join(fact)}"
    for citation in wrong.explained.answer.citations:
        yield f"- quoted ({citation.transcript.id}): {squash(citation.quote)}"
    best = best_evidence(wrong.explained)
    if best is not None and not wrong.explained.answer.citations:
        transcript = best.passage.transcript
        yield f"- best clause ({transcript.id}): {squash(best.span.of(transcript.text))}"
    for repair in wrong.explained.query.repairs:
        yield f"- read: {repair.kind} {repair.before} → {repair.after}"


def _among_hits(fact: Sequence[str], asked: Asked, explained: Explanation) -> bool:
    for hit in explained.hits:
        passage = hit.passage
        if any(name in passage.transcript.id for name in asked.documents):
            words = squash(passage.text)
            if any(squash(snippet) in words for snippet in fact):
                return True
    return False


def _cut(fact: Sequence[str], citation: Citation) -> bool:
    """Whether the citation is a part of a sentence whose whole holds the fact."""
    text = citation.transcript.text
    return any(
        squash(snippet) in squash(sentence.of(text))
        for sentence in sentences(text, citation.turn.span)
        if sentence.overlaps(citation.span)
        for snippet in fact
    )
