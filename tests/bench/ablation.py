"""What each part is worth: the engine with one thing switched off from outside."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from unittest.mock import patch

from rich.table import Table

from qa.engine import Engine, build_engine
from qa.model import Hit
from qa.retrieval.index import Index
from qa.retrieval.protocol import EVERYTHING, Filter
from qa.retrieval.terms import BIGRAM
from qa.settings import Settings
from tests.bench.metrics import mean
from tests.bench.report import shown
from tests.bench.results import answerable_right, unanswerable_right
from tests.bench.sets import public_set
from tests.bench.still import two_processes
from tests.bench.trials import Judge, JudgedSet, ask_judged, ranks

__all__ = ["VARIANTS", "Scores", "Variant", "compare", "table"]


@dataclass(frozen=True, slots=True)
class Variant:
    """The engine with something off: lexicon files, parts of the index, or repair."""

    name: str
    without_files: tuple[str, ...] = ()
    document_share: bool = True
    bigrams: bool = True
    context: bool = True
    repair: bool = True


@dataclass(frozen=True, slots=True)
class Scores:
    """How a variant does. ``judged`` counts the judged and the golden questions that are right."""

    variant: str
    judged: int
    of: int
    answerable: float | None
    unanswerable: float | None
    first_right: float | None
    questions: int


VARIANTS = (
    Variant("everything"),
    Variant("repair off", repair=False),
    Variant("no synonyms", ("synonyms*.txt",)),
    Variant("no dialect", ("dialect*.txt",)),
    Variant("no words", ("words*.txt",)),
    Variant("no offices, no places", ("offices.yaml", "places.yaml")),
    Variant("no expectations", ("expectations.yaml",)),
    Variant("empty lexicon", ("*",)),
    Variant("no document share", document_share=False),
    Variant("no bigrams", bigrams=False),
    Variant("passages by their own words only", context=False),
)


class _WithoutBigrams(Index):
    """An index that looks words up and no bigrams."""

    def top(self, query: Mapping[str, float], k: int, only: Filter = EVERYTHING) -> tuple[Hit, ...]:
        return super().top({t: w for t, w in query.items() if not t.startswith(BIGRAM)}, k, only)


def compare(data: Path, golden: Path, seed: Path, step: int) -> list[Scores]:
    """Every variant of ``seed`` on the judged and golden questions, and on every ``step``-th of policy's."""
    jobs = [(variant, data, golden, seed, step) for variant in VARIANTS]
    with two_processes() as pool:
        return pool.starmap(_scores, jobs, chunksize=1)


def table(found: Sequence[Scores]) -> Table:
    """What each variant loses against the first."""
    whole = found[0]
    made = Table(title="ablation: judged and golden together, policy's answerable", title_justify="left")
    for head in ("variant", "right", "Δ", "answerable", "unanswerable", "policy R@1", "Δ "):
        made.add_column(head, justify="left" if head == "variant" else "right")
    for scores in found:
        made.add_row(
            scores.variant,
            f"{scores.judged}/{scores.of}",
            f"{scores.judged - whole.judged:+d}",
            shown(scores.answerable),
            shown(scores.unanswerable),
            shown(scores.first_right),
            f"{(scores.first_right or 0.0) - (whole.first_right or 0.0):+.3f}",
        )
    return made


def _scores(variant: Variant, data: Path, golden: Path, seed: Path, step: int) -> Scores:
    judge = Judge.load(data, seed / "transcripts")
    folder = data / "sets" / "policy"
    asked = [(a, a.text) for a in public_set(folder) if a.answerable][::step]
    with _switched_off(variant, seed):
        briefings = _ranked(build_engine(Settings()), variant)
        found = [
            result
            for path in (data / "questions" / "dev.jsonl", golden)
            for result, _ in ask_judged(briefings, JudgedSet.load(path), judge, repair=variant.repair)
        ]
        policy = _ranked(build_engine(Settings(corpus=folder / "corpus.jsonl")), variant)
        places = ranks(policy, asked, repair=variant.repair)
    return Scores(
        variant.name,
        sum(r.right for r in found),
        len(found),
        answerable_right(found),
        unanswerable_right(found),
        mean([float(p == 1) for p in places]),
        len(places),
    )


@contextmanager
def _switched_off(variant: Variant, seed: Path) -> Iterator[None]:
    """While it lasts, engines are built from a seed without the variant's files and context."""
    with ExitStack() as stack:
        if variant.without_files:
            less = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="minsheng-"))) / "corpus"
            shutil.copytree(seed, less)
            for path in [p for pattern in variant.without_files for p in (less / "lexicon").glob(pattern)]:
                path.unlink()
            stack.enter_context(patch("qa.engine.seed_corpus", return_value=less))
        if not variant.context:
            stack.enter_context(patch("qa.retrieval.index._context", return_value=()))
        yield


def _ranked(engine: Engine, variant: Variant) -> Engine:
    """The engine with its index changed; what repair knows of the corpus stays as it was."""
    index = engine._index
    assert isinstance(index, Index)
    if not variant.document_share:
        index = replace(index, document_share=0.0)
    if not variant.bigrams:
        index = _WithoutBigrams(*(getattr(index, field.name) for field in fields(index)))
    engine._index = index
    return engine
