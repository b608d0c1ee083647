"""Fits ``qa/answering/fitted.json``: python -m tests.bench.fit --data ../shared

Only the fitting halves are read (DESIGN, "What is measured"). The reader is a conditional logit over the
clauses read for a question (which of these holds the answer?), the decision a logistic model over the best
clause of each question (does it answer?). Questions with no answer come in three kinds: those judged so,
those whose documents are left out of what is read, and those whose answering clauses are (a near miss:
everything is there but the fact).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import pickle
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from qa.answering.allowance import Allowance, allowance
from qa.answering.decide import (
    FOREMOST,
    WITHOUT_THE_FACT,
    Place,
    asked_weight,
    decision_inputs,
    joined,
    lacks_the_fact,
    nearness,
    place_of,
    standing,
)
from qa.answering.evidence import Evidence
from qa.answering.features import FEATURE_NAMES, Features
from qa.answering.fitted import DECISION_NAMES, DOCUMENT_NAMES, FALLING, RISING, blank
from qa.answering.rerank import document_inputs
from qa.engine import Engine, build_engine
from qa.language.expect import Facet
from qa.language.query import Query
from qa.model import Hit
from qa.settings import Settings, seed_corpus
from qa.text import squash
from tests.bench.sets import Asked, judged, off_topic, public_set

Floats = NDArray[np.float64]

OWN = Path(__file__).resolve().parent.parent / "data"
JUDGED = frozenset({"dev", "own"})
READ_OFF = "synonyms-spoken.txt"
SETS = ("policy", "cmrc", "drcd")
WEIGHED = ("dev", "own", "policy")
"""What the threshold is set by: the sources that come with questions nobody answers."""
KINDS = ("spoken", "written")
FOLDS = 5
"""In how many parts questions are left out in turn where the threshold is set: under models fitted on them
answers look surer than to new ones."""
MOST = 1000
TARGET = Path(__file__).resolve().parents[2] / "qa" / "answering" / "fitted.json"
HOW = (
    "python -m tests.bench.fit: ridge conditional logits and a ridge logistic regression on the fitting "
    "halves of the judged questions and of the public sets, and on tests/data/fit-*.jsonl; see that module"
)
SHARE = {"dev": 1.0, "own": 1.0, "policy": 1.0, "cmrc": 0.4, "drcd": 0.4}
"""What a question of each source weighs."""
OTHER = {"spoken": 0.02, "written": 0.05}
"""What the questions of the other kind of transcript weigh in each kind's models."""
NEAR_MISS_WEIGHT = 0.12
"""What a made-up unanswerable question weighs: with it two questions in three have an answer, as judged."""
UNANSWERED = {"policy": 0.65}
"""What a question without an answer weighs beside one with, for the same reason."""
FLAT = 0.03
"""How far below the best a threshold's gain (of ``ANSWERABLE`` + 1 in all) counts as the same."""
READER_RIDGE = 0.03
"""Strength of the reader's ridge penalty beside the mean log-likelihood of a question."""
DECISION_C = 0.03
"""Inverse strength of the ridge penalty, over standardised features."""
LONG = {"maxiter": 2000}
DOCUMENT_RIDGE = 0.1
"""The same of the model that orders documents: it has twice as many inputs and fewer groups."""
DOCUMENT_SHARE = {"policy": 2.0, "cmrc": 1.0, "drcd": 1.0}
LEAST_SPREAD = 0.02
REPEATED = 8
"""The length of an answer from which the same words in another document are no chance."""
ANSWERABLE = 1.75
"""What answering rightly counts beside refusing rightly. Two questions in three have an answer, as judged;
that a false answer does more harm than a false refusal takes an eighth off."""


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
    """Whether a clause overlaps an answer of the question in one of its documents, or says it word for word
    in another: documents repeat each other, and not every one of them is listed."""
    transcript = evidence.passage.transcript
    if not any(name in transcript.id for name in asked.documents):
        words = squash(evidence.span.of(transcript.text))
        return not asked.facts and any(len(gold) >= REPEATED and squash(gold) in words for gold in asked.gold)
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
    if not asked.answerable or source in JUDGED:
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
    source: str, engine: Engine, asked: Asked, query: Query, hits: Sequence[Hit], weight: float = 1.0
) -> Iterator[Example]:
    for reading in engine.decide(query, hits).readings:
        found = tuple(rated.evidence for rated in reading.rated)
        if found:
            right = tuple(holds(e, asked) for e in found)
            yield Example(source, asked, query, reading.facet, found, right, weight)


@dataclass(frozen=True)
class Row:
    """An example as plain numbers, which travel between processes.

    ``places`` says where each clause was read, ``asked`` is the importance of all that is asked,
    ``documents`` are the right ones, ``allowed`` is what may be quoted when a clause is the best.
    """

    source: str
    id: str
    answerable: bool
    fit: bool
    kind: str
    matrix: Floats
    right: NDArray[np.bool_]
    weight: float
    places: tuple[Place, ...]
    asked: float
    documents: frozenset[str]
    allowed: tuple[Allowance, ...]


def gather(job: tuple[str, Path, Path]) -> list[Row]:
    """The examples of one source."""
    source, corpus, path = job
    questions = judged(path) if source in JUDGED else public_set(path)
    step = 1 if source in JUDGED else max(1, len(questions) // MOST)
    with tempfile.TemporaryDirectory() as folder:
        unread = _without_lines_read_off(Path(folder)) if source in JUDGED else corpus
        engine = build_engine(Settings(corpus=unread), blank())
        return [
            _row(example, asked) for asked in questions[::step] for example in examples(source, engine, asked)
        ]


def _without_lines_read_off(folder: Path) -> Path:
    """The seed corpus without the lexicon lines that were written after reading the questions for fitting.

    With them those questions would look easier than new ones are, and the decision would ask too much.
    """
    for part in ("transcripts", "lexicon"):
        shutil.copytree(seed_corpus() / part, folder / part, ignore=shutil.ignore_patterns(READ_OFF))
    return folder


def _row(example: Example, asked: Asked) -> Row:
    return Row(
        source=example.source,
        id=asked.id,
        answerable=example.asked.answerable,
        fit=asked.fit,
        kind=example.facet.kind,
        matrix=np.array([e.features for e in example.evidence]),
        right=np.array(example.right),
        weight=example.weight,
        places=tuple(place_of(e) for e in example.evidence),
        asked=asked_weight(example.query),
        documents=asked.documents,
        allowed=tuple(allowance(example.facet, e.passage.transcript) for e in example.evidence),
    )


@dataclass(frozen=True)
class Model:
    """A fitted logistic model in the features' own units."""

    bias: float
    weights: Floats

    def record(self, names: Sequence[str]) -> dict[str, object]:
        """The model as the data file holds it."""
        values = zip(names, (float(f"{w:.6g}") for w in self.weights), strict=True)
        return {"bias": float(f"{self.bias:.6g}"), "weights": dict(values)}


def _signs(names: Sequence[str]) -> list[tuple[float | None, float | None]]:
    """The bounds of the coefficients: see ``RISING`` and ``FALLING``."""
    return [(0.0 if name in RISING else None, 0.0 if name in FALLING else None) for name in names]


def logistic(matrix: Floats, labels: NDArray[np.bool_], weights: Floats, names: Sequence[str]) -> Model:
    """A ridge-penalised logistic regression over standardised columns, brought back to their own units, whose
    coefficients have the signs that their names demand."""
    mean, spread = matrix.mean(axis=0), np.maximum(matrix.std(axis=0), LEAST_SPREAD)
    columns, signed = (matrix - mean) / spread, np.where(labels, 1.0, -1.0)

    def loss(values: Floats) -> tuple[float, Floats]:
        coefficients, bias = values[:-1], values[-1]
        odds = signed * (columns @ coefficients + bias)
        slope = -signed * weights / (1.0 + np.exp(odds))
        ridge = coefficients / DECISION_C
        value = float(weights @ np.logaddexp(0.0, -odds)) + float(ridge @ coefficients) / 2
        return value, np.append(columns.T @ slope + ridge, slope.sum())

    start, bounds = np.zeros(matrix.shape[1] + 1), [*_signs(names), (None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=LONG).x
    coefficients = found[:-1] / spread
    return Model(float(found[-1] - mean @ coefficients), coefficients)


def conditional_logit(
    matrix: Floats,
    right: NDArray[np.bool_],
    sizes: Sequence[int],
    weights: Floats,
    names: Sequence[str],
    ridge: float,
) -> Model:
    """A ridge-penalised conditional logit: which rows of each group are right, any of them being enough; its
    coefficients have the signs that their names demand.

    McFadden, Conditional logit analysis of qualitative choice behavior (1974): the probability of a row is
    its share of ``exp(score)`` in its group, so that differences of scores are log-odds between clauses.

    Args:
        sizes: how many rows each group has, in order.
        weights: what each group weighs.
        ridge: the strength of the penalty beside the mean log-likelihood of a group.
    """
    mean, spread = matrix.mean(axis=0), np.maximum(matrix.std(axis=0), LEAST_SPREAD)
    columns = (matrix - mean) / spread
    group = np.repeat(np.arange(len(sizes)), sizes)
    starts = np.cumsum([0, *sizes[:-1]])
    share = weights / weights.sum()

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        scores = columns @ coefficients
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        good = odds * right
        every, told = np.add.reduceat(odds, starts), np.add.reduceat(good, starts)
        value = float(share @ (np.log(every) - np.log(told)))
        slope = columns.T @ ((share / every)[group] * odds - (share / told)[group] * good)
        drawn = ridge * coefficients
        return value + float(drawn @ coefficients) / 2, slope + drawn

    start, bounds = np.zeros(matrix.shape[1]), _signs(names)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=LONG).x / spread
    return Model(float(-(mean @ found)), found)


def weight_of(row: Row, kind: str) -> float:
    """What a row weighs in the models of a kind of transcript."""
    own = (row.source in JUDGED) == (kind == "spoken")
    made_up = row.weight < 1.0
    unanswered = 1.0 if row.answerable or made_up else UNANSWERED.get(row.source, 1.0)
    return SHARE[row.source] * (1.0 if own else OTHER[kind]) * (NEAR_MISS_WEIGHT if made_up else unanswered)


def fit_reader(rows: Sequence[Row], kind: str) -> Model:
    """Fits the reader on the questions with a right clause and a wrong one."""
    used = [row for row in rows if row.right.any() and not row.right.all()]
    return conditional_logit(
        np.vstack([row.matrix for row in used]),
        np.concatenate([row.right for row in used]),
        [len(row.right) for row in used],
        np.array([weight_of(row, kind) for row in used]),
        FEATURE_NAMES,
        READER_RIDGE,
    )


def best_of(row: Row, reader: Model) -> tuple[Floats, bool]:
    """The decision's inputs for a row under a reader, and whether what is quoted is right."""
    scores = row.matrix @ reader.weights + reader.bias
    order = np.argsort(-scores, kind="stable")
    best = int(order[0])
    stands = standing(
        [float(scores[at]) for at in order], [row.places[at] for at in order], row.allowed[best]
    )
    values = decision_inputs(tuple(row.matrix[best]), row.kind, row.asked, stands)
    return np.array(values), _quoted_right(row, scores, order)


def _best_at(row: Row, reader: Model) -> int:
    return int(_order(row, reader)[0])


def _order(row: Row, reader: Model) -> NDArray[np.intp]:
    return np.argsort(-(row.matrix @ reader.weights + reader.bias), kind="stable")


def _quoted_right(row: Row, scores: Floats, order: NDArray[np.intp]) -> bool:
    """Whether a right clause is among those that would be quoted: see ``qa.answering.compose``."""
    shares = np.exp(scores[order] - scores[order[0]])
    shares /= shares.sum()
    sure, used = 0.0, 0
    allowed = row.allowed[int(order[0])]
    for at, share in zip(order, shares, strict=True):
        size = len(row.places[at].words)
        if used and used + size > allowed.chars:
            continue
        if row.right[at]:
            return True
        used += size
        sure += float(share)
        if sure >= allowed.sure:
            return False
    return False


def fit_kind(rows: Sequence[Row], kind: str) -> tuple[Model, Model]:
    """The reader and the decision for a kind of transcript."""
    reader = fit_reader(rows, kind)
    values = [best_of(row, reader) for row in rows]
    decision = logistic(
        np.array([v for v, _ in values]),
        np.array([right and row.answerable for (_, right), row in zip(values, rows, strict=True)]),
        np.array([weight_of(row, kind) for row in rows]),
        DECISION_NAMES,
    )
    return reader, decision


def fit_documents(rows: Sequence[Row], reader: Model) -> Model:
    """The model that ranks documents: a conditional logit over those read for a question."""
    groups: dict[str, tuple[str, list[Floats], list[Floats]]] = {}
    for row in rows:
        if row.source in JUDGED or row.weight < 1.0 or row.id in groups:
            continue
        right, wrong = _documents(row, reader)
        if right and wrong:
            groups[row.id] = row.source, right, wrong
    told = list(groups.values())
    return conditional_logit(
        np.array([values for _, right, wrong in told for values in (*right, *wrong)]),
        np.concatenate([np.arange(len(right) + len(wrong)) < len(right) for _, right, wrong in told]),
        [len(right) + len(wrong) for _, right, wrong in told],
        np.array([DOCUMENT_SHARE[source] for source, _, _ in told]),
        DOCUMENT_NAMES,
        DOCUMENT_RIDGE,
    )


def _documents(row: Row, reader: Model) -> tuple[list[Floats], list[Floats]]:
    scores = row.matrix @ reader.weights + reader.bias
    right: list[Floats] = []
    wrong: list[Floats] = []
    for name in dict.fromkeys(place.document for place in row.places):
        mine = [at for at, place in enumerate(row.places) if place.document == name]
        passages = len({row.places[at].passage for at in mine})
        values = document_inputs(
            [tuple(row.matrix[at]) for at in mine], [float(scores[at]) for at in mine], passages
        )
        (right if name in row.documents else wrong).append(np.array(values))
    return right, wrong


Decided = dict[tuple[str, str], tuple[float, bool, bool]]
"""By source and question: how probable an answer is, whether it would be right, whether there is one."""


def decided(rows: Iterable[Row], models: Mapping[str, tuple[Model, Model]]) -> Decided:
    """The questions of ``rows`` under ``models``; each counts once, by all it asks."""
    facets: dict[tuple[str, str], list[tuple[float, bool, bool]]] = defaultdict(list)
    for row in rows:
        reader, decision = models["spoken" if row.source in JUDGED else "written"]
        values, right = best_of(row, reader)
        p = float(1 / (1 + np.exp(-(values @ decision.weights + decision.bias))))
        if row.source in JUDGED and lacks_the_fact(Features(*row.matrix[_best_at(row, reader)])):
            p *= WITHOUT_THE_FACT
        facets[row.source, row.id].append((p, right, row.answerable))
    return {
        key: (joined([p for p, _, _ in found]), any(right for _, right, _ in found), found[0][2])
        for key, found in facets.items()
    }


def fold_of(row: Row) -> int:
    """Which of the folds a question belongs to, with all that was made of it; the same in every run."""
    return hashlib.sha256(f"{row.source} {row.id}".encode()).digest()[0] % FOLDS


def out_of_fold(rows: Sequence[Row]) -> Decided:
    """The questions that come with ones nobody answers, each under models that were fitted without it."""
    found: Decided = {}
    for fold in range(FOLDS):
        kept = [row for row in rows if fold_of(row) != fold]
        models = {kind: fit_kind(kept, kind) for kind in KINDS}
        left = (r for r in rows if fold_of(r) == fold and r.source in WEIGHED and r.weight >= 1.0)
        found |= decided(left, models)
    return found


def set_threshold(read: Decided) -> float:
    """The probability from which answering does more good than harm: one threshold for what is spoken and
    what is written.

    ``ANSWERABLE`` sets the shares of questions with and without an answer. The judged ones count as much
    together as our own, which are more and harder by design, and as those on documents.
    """

    def good(source: str, threshold: float) -> float:
        asked = [one for (of, _), one in read.items() if of == source]
        told = [(p, right) for p, right, answerable in asked if answerable]
        untold = [p for p, _, answerable in asked if not answerable]
        answered = sum(p >= threshold and right for p, right in told) / len(told)
        refused = sum(p < threshold for p in untold) / len(untold)
        return ANSWERABLE * answered + refused

    steps = np.arange(0.1, 0.9, 0.01)
    gains = np.array([np.mean([good(source, t) for source in WEIGHED]) for t in steps])
    smooth = np.convolve(np.pad(gains, 3, mode="edge"), np.ones(7) / 7, mode="valid")
    # Over the flat top of the curve where a question more or less decides, its middle.
    return round(float(steps[smooth >= smooth.max() - FLAT].mean()), 2)


def set_near(rows: Iterable[Row], off: frozenset[str], reader: Model) -> float:
    """The nearness from which words are shown where nothing answers: where most more of the near misses than
    of the questions on something else are shown something (Youden's J). ``off`` are those of the latter."""
    foremost: dict[str, float] = defaultdict(float)
    for row in rows:
        if row.source in JUDGED and not row.answerable and row.weight >= 1.0:
            found = (nearness(Features(*row.matrix[at])) for at in _order(row, reader)[:FOREMOST])
            foremost[row.id] = max(foremost[row.id], *found, 0.0)
    near = np.array([value for id, value in foremost.items() if id not in off])
    far = np.array([value for id, value in foremost.items() if id in off])
    steps = np.arange(0.1, 2.0, 0.05)
    gains = np.array([np.mean(near >= step) - np.mean(far >= step) for step in steps])
    return round(float(steps[gains >= gains.max() - FLAT].mean()), 2)


def main() -> None:
    """Gathers, fits, writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="keep the examples here and use them when they are there")
    options = parser.parse_args()
    rows = [row for row in _gathered(options.data, options.cache) if row.fit]
    record: dict[str, object] = {"format": 3, "how": HOW, "questions": _counted(rows)}
    models = {kind: fit_kind(rows, kind) for kind in KINDS}
    for kind, (reader, decision) in models.items():
        record[kind] = {"reader": reader.record(FEATURE_NAMES), "decision": decision.record(DECISION_NAMES)}
    record["documents"] = fit_documents(rows, models["written"][0]).record(DOCUMENT_NAMES)
    off = frozenset().union(*map(off_topic, _judged(options.data)))
    near = set_near(rows, off, models["spoken"][0])
    record["thresholds"] = {"answer": set_threshold(out_of_fold(rows)), "near": near}
    TARGET.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(record["questions"], record["thresholds"])


def _gathered(data: Path, cache: Path | None) -> list[Row]:
    if cache and cache.is_file():
        return list(pickle.loads(cache.read_bytes()))
    jobs = [(source, Path(), path) for path, source in _judged(data).items()]
    jobs += [(s, data / "sets" / s / "corpus.jsonl", data / "sets" / s) for s in SETS]
    with multiprocessing.Pool(2) as pool:
        rows = [row for part in pool.map(gather, jobs, chunksize=1) for row in part]
    if cache:
        cache.write_bytes(pickle.dumps(rows))
    return rows


def _judged(data: Path) -> dict[Path, str]:
    """The files of judged questions on the briefings, and what they are called."""
    own = dict.fromkeys(sorted(OWN.glob("fit-*.jsonl")), "own")
    return {data / "questions" / "dev.jsonl": "dev", **own}


def _counted(rows: Sequence[Row]) -> dict[str, int]:
    return {source: len({row.id for row in rows if row.source == source}) for source in SHARE}


if __name__ == "__main__":
    main()
