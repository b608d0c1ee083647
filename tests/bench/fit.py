"""Fits ``qa/answering/fitted.json``: python -m tests.bench.fit --data ../shared

Only the fitting halves are read (DESIGN, "What is measured"). The reader is a logistic model over clauses
(does this clause hold the answer?), the decision one over the best clause of each question. Questions with
no answer come in three kinds: those judged so, those whose documents are left out of what is read, and those
whose answering clauses are (a near miss: everything is there but the fact).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from qa.answering.decide import decision_values, rank_evidence
from qa.answering.evidence import FEATURE_NAMES, Evidence
from qa.answering.fitted import DECISION_NAMES, blank
from qa.engine import Engine, build_engine
from qa.language.expect import Facet
from qa.language.query import Query
from qa.settings import Settings
from qa.text import squash
from tests.bench.sets import Asked, judged, public_set

Floats = NDArray[np.float64]

SETS = ("policy", "cmrc", "drcd")
MOST = 700
READER_WEIGHT = {"dev": 6.0, "policy": 3.0, "cmrc": 1.0, "drcd": 1.0}
DECISION_WEIGHT = {"dev": 4.0, "policy": 1.0, "cmrc": 0.4, "drcd": 0.4}
NEAR_MISS_WEIGHT = 0.5


@dataclass(frozen=True)
class Example:
    """The evidence for one facet of one question; ``right`` marks the clauses that hold the answer."""

    source: str
    asked: Asked
    query: Query
    facet: Facet
    evidence: tuple[Evidence, ...]
    right: tuple[bool, ...]
    weight: float = 1.0


def holds(evidence: Evidence, asked: Asked) -> bool:
    """Whether a clause overlaps an answer of the question in one of its documents."""
    transcript = evidence.passage.transcript
    if not any(name in transcript.id for name in asked.documents):
        return False
    if asked.facts:
        words = squash(evidence.span.of(transcript.text))
        return any(squash(snippet) in words for snippet in asked.gold)
    for answer in asked.gold:
        at = transcript.text.find(answer)
        while at >= 0:
            if at < evidence.span.end and at + len(answer) > evidence.span.start:
                return True
            at = transcript.text.find(answer, at + 1)
    return False


def examples(source: str, engine: Engine, asked: Asked) -> Iterator[Example]:
    """The examples of one question, its made-up unanswerable twins included."""
    explained = engine.explain(asked.text)
    hits = explained.hits
    yield from _read(source, engine, asked, explained.query, hits)
    if not asked.answerable or source == "dev":
        return
    nobody = replace(asked, answerable=False, gold=(), documents=frozenset())
    others = [h for h in hits if not any(d in h.passage.transcript.id for d in asked.documents)]
    yield from _read(source, engine, nobody, explained.query, others, NEAR_MISS_WEIGHT)
    for example in _read(source, engine, asked, explained.query, hits):
        kept = [e for e, right in zip(example.evidence, example.right, strict=True) if not right]
        if len(kept) < len(example.evidence):
            yield replace(
                example,
                asked=nobody,
                evidence=tuple(kept),
                right=(False,) * len(kept),
                weight=NEAR_MISS_WEIGHT,
            )


def _read(
    source: str, engine: Engine, asked: Asked, query: Query, hits: Sequence[object], weight: float = 1.0
) -> Iterator[Example]:
    for reading in engine.decide(query, hits).readings:  # type: ignore[arg-type]
        found = tuple(rated.evidence for rated in reading.rated)
        if found:
            right = tuple(holds(e, asked) for e in found)
            yield Example(source, asked, query, reading.facet, found, right, weight)


def gather(job: tuple[str, Path, Path]) -> list[tuple[object, ...]]:
    """The examples of one source as plain rows (they travel between processes)."""
    source, corpus, path = job
    settings = Settings() if source == "dev" else Settings(corpus=corpus)
    engine = build_engine(settings, blank())
    questions = [q for q in (judged(path) if source == "dev" else public_set(path))]
    step = max(1, len(questions) // MOST)
    rows: list[tuple[object, ...]] = []
    for asked in questions[:: step if source != "dev" else 1]:
        for ex in examples(source, engine, asked):
            matrix = np.array([e.features.vector() for e in ex.evidence])
            spans = [(e.passage.transcript.id, e.passage.span.start, e.span.start, e.rank) for e in ex.evidence]
            extra = decision_values(rank_evidence(ex.evidence, blank()), ex.facet, ex.query)
            rows.append(
                (
                    source,
                    asked.id,
                    ex.asked.answerable,
                    asked.fit,
                    ex.facet.kind,
                    matrix,
                    np.array(ex.right),
                    ex.weight,
                    spans,
                    extra[len(FEATURE_NAMES) + 2 :],
                )
            )
    return rows


def main() -> None:
    """Gathers, fits, writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="keep the examples here and use them when they are there")
    options = parser.parse_args()
    jobs = [("dev", Path(), options.data / "questions" / "dev.jsonl")]
    jobs += [(s, options.data / "sets" / s / "corpus.jsonl", options.data / "sets" / s) for s in SETS]
    if options.cache and options.cache.is_file():
        rows = pickle.loads(options.cache.read_bytes())
    else:
        with multiprocessing.Pool(2) as pool:
            rows = [row for part in pool.map(gather, jobs, chunksize=1) for row in part]
        if options.cache:
            options.cache.write_bytes(pickle.dumps(rows))
    print(len(rows), "examples")


if __name__ == "__main__":
    main()
