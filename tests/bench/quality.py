"""How often it is right: python -m tests.bench.quality --data ../shared [--sample N | --ablate]

The judged questions, the blind golden ones and the public sets, beside plain rank_bm25 in the same run.
With ``--ablate``, what each part is worth instead.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from qa.engine import build_engine, load_transcripts
from qa.settings import Settings
from tests.bench import ablation, causes, results
from tests.bench.baseline import Plain, units
from tests.bench.homophones import Homophones, common_words
from tests.bench.metrics import Bin, calibration_error, mean, reliability
from tests.bench.report import Halves, Row, Target, halves, made_with, quality_table, save, shown
from tests.bench.results import Result
from tests.bench.sets import public_set
from tests.bench.speed import AskTimes, ask_times
from tests.bench.still import Still, held_still, two_processes
from tests.bench.trials import (
    JUDGED_CHARS,
    Judge,
    JudgedSet,
    ask_judged,
    ask_public,
    plain_judged,
    plain_public,
    plain_threshold,
    ranks,
)

__all__ = ["main"]

_DATA = Path(__file__).resolve().parent.parent / "data"
BLIND = {name: _DATA / f"{name}.jsonl" for name in ("golden", "golden-b", "golden-c", "golden-d")}
"""Questions that are fitted on nowhere; those of the second set are harder by design."""
MOST_CHARS = {"policy": 300, "cmrc": 200, "drcd": 200}
CLEAN_EVERY = {"policy": 1, "cmrc": 4, "drcd": 0}
HOMOPHONES_EVERY = 4
SWAPS = {"one word": 1, "every word": 99}

_AT_MOST = "quoted characters, median"
TARGETS: Mapping[tuple[str, str], Target] = {
    ("judged", "overall right"): Target(0.93, both=True),
    ("judged", "answerable right"): Target(0.92, both=True),
    ("judged", "unanswerable right"): Target(0.93, both=True),
    ("judged", _AT_MOST): Target(120, at_most=True, both=True),
    ("policy", "R@1"): Target(0.89),
    ("policy", "MRR@10"): Target(0.925),
    ("policy", "gold inside the quotes"): Target(0.75),
    ("policy", "AUC"): Target(0.87),
    ("cmrc", "R@1"): Target(0.978),
    ("cmrc", "gold inside the quotes"): Target(0.90),
    ("drcd", "R@1"): Target(0.965),
}
ASK_TARGETS = (Target(3, at_most=True), Target(15, at_most=True))
"""Milliseconds, p50 and p99, on the two briefings."""

RANKED = (("R@1", results.first_right), ("MRR@10", results.reciprocal_rank))
DECIDED = (
    ("overall right", results.overall_right),
    ("answerable right", results.answerable_right),
    ("unanswerable right", results.unanswerable_right),
    (_AT_MOST, results.median_quoted),
    ("answered", results.answered_rate),
    ("AUC", results.separation),
    ("unanswered, on topic: shown something near", results.near_misses_shown),
    ("unanswered, off topic: shown something", results.off_topic_shown),
)
MEASURES = {
    "judged": DECIDED,
    "golden": DECIDED,
    "golden-b": DECIDED,
    "golden-c": DECIDED,
    "golden-d": DECIDED,
    "policy": (
        *RANKED,
        ("gold inside the quotes", results.answerable_right),
        ("unanswerable refused", results.unanswerable_right),
        ("answered", results.answered_rate),
        (_AT_MOST, results.median_quoted),
        ("AUC", results.separation),
        ("AUC, own documents out", results.clean_auc),
        ("refused, own documents out", results.clean_refused),
    ),
    "cmrc": (
        *RANKED,
        ("gold inside the quotes", results.answerable_right),
        ("answered", results.answered_rate),
        (_AT_MOST, results.median_quoted),
        ("AUC, own documents out", results.clean_auc),
        ("refused, own documents out", results.clean_refused),
    ),
    "drcd": (*RANKED, ("gold inside the quotes", results.answerable_right)),
}


@dataclass(frozen=True)
class Job:
    """A set to be asked in a process of its own; ``step`` takes every n-th public question."""

    set: str
    data: Path
    seed: Path
    step: int = 1


@dataclass(frozen=True)
class Outcome:
    """What a job found; ``corpus`` is the digest of what was asked."""

    corpus: str
    ours: Mapping[str, Sequence[Result]]
    plain: Mapping[str, Sequence[Result]]
    errors: str = ""
    homophones: Sequence[tuple[str, str, float | None, int]] = field(default=())


def briefings(job: Job) -> Outcome:
    """The judged and the golden questions on the two briefings."""
    engine = build_engine(Settings())
    judge = Judge.load(job.data, job.seed / "transcripts")
    sets = {
        "judged": JudgedSet.load(job.data / "questions" / "dev.jsonl"),
        **{name: JudgedSet.load(path) for name, path in BLIND.items()},
    }
    plain = Plain(u for t in engine.transcripts.values() for u in units(t.id, t.text, JUDGED_CHARS))
    threshold = plain_threshold(plain, sets["judged"], judge)
    told = {name: ask_judged(engine, questions, judge) for name, questions in sets.items()}
    # The golden questions are blind: what is wrong with them is counted and not told.
    wrong = tuple(causes.wrongs(sets["judged"].asked, told["judged"]))
    return Outcome(
        engine.corpus,
        {name: [result for result, _ in found] for name, found in told.items()},
        {name: plain_judged(plain, questions, judge, threshold) for name, questions in sets.items()},
        causes.markdown(wrong, f"{len(wrong)} of {len(sets['judged'].rows)}; version {engine.corpus}"),
    )


def public(job: Job) -> Outcome:
    """A public set."""
    folder = job.data / "sets" / job.set
    questions = public_set(folder)[:: job.step]
    engine = build_engine(Settings(corpus=folder / "corpus.jsonl"))
    most = MOST_CHARS[job.set]
    return Outcome(
        engine.corpus,
        {job.set: ask_public(engine, questions, most, CLEAN_EVERY[job.set])},
        {job.set: plain_public(load_transcripts(folder / "corpus.jsonl"), questions, most)},
    )


def homophones(job: Job) -> Outcome:
    """R@1 on drcd's questions with words mistaken for homophones, repaired and not."""
    folder = job.data / "sets" / "drcd"
    asked = public_set(folder)[:: HOMOPHONES_EVERY * job.step]
    engine = build_engine(Settings(corpus=folder / "corpus.jsonl"))
    swapper = Homophones(common_words())
    wordings = {"none": [(a, a.text) for a in asked]}
    for name, most in SWAPS.items():
        wordings[name] = [(a, swapper.swapped(a.text, most)) for a in asked]
    rows = []
    for name, questions in wordings.items():
        for repair in (True, False):
            places = ranks(engine, questions, repair=repair)
            rows.append((name, "on" if repair else "off", mean([float(p == 1) for p in places]), len(places)))
    return Outcome(engine.corpus, {}, {}, homophones=rows)


def run(job: Job) -> Outcome:
    """Does one job, in whichever process."""
    return {"briefings": briefings, "homophones": homophones}.get(job.set, public)(job)


def set_rows(name: str, ours: Sequence[Result], plain: Sequence[Result]) -> list[Row]:
    """The measures of a set."""
    found = []
    for measure, of in MEASURES[name]:
        beside = halves(plain, of)
        found.append(
            Row(
                name,
                measure,
                len(ours),
                sum(not r.fit for r in ours),
                halves(ours, of),
                None if beside.all is None else beside,
                TARGETS.get((name, measure)),
            )
        )
    return found


def style_table(name: str, ours: Sequence[Result], plain: Sequence[Result]) -> Table:
    """How many are right, by style."""
    table = Table(title=f"{name}: right by style", title_justify="left")
    for head in ("style", "n", "right", "plain right"):
        table.add_column(head, justify="left" if head == "style" else "right")
    for style in sorted({r.style for r in ours}):
        of = [r for r in ours if r.style == style]
        beside = sum(r.right for r in plain if r.style == style)
        table.add_row(style, str(len(of)), str(sum(r.right for r in of)), str(beside))
    return table


def calibration(ours: Mapping[str, Sequence[Result]]) -> dict[str, tuple[Bin, ...]]:
    """Reliability of the confidence on the reporting halves: was the best evidence's clause right?

    The two briefings are taken together.
    """
    groups: dict[str, list[Result]] = {}
    for name, found in ours.items():
        group = "briefings" if name in ("judged", *BLIND) else name
        groups.setdefault(group, []).extend(r for r in found if not r.fit)
    return {name: reliability([r.score for r in of], [r.held for r in of]) for name, of in groups.items()}


def calibration_table(bins: Mapping[str, Sequence[Bin]]) -> Table:
    """Said and was by tenth of confidence, and the expected calibration error."""
    table = Table(title="calibration, reporting halves: n said → was", title_justify="left")
    table.add_column("confidence")
    for name in bins:
        table.add_column(name, justify="right", no_wrap=True)
    for at in range(10):
        row = [of[at] for of in bins.values()]
        label = f"{row[0].low:.1f} to {row[0].high:.1f}" if row else ""
        table.add_row(label, *(f"{b.count} {b.said:.2f} → {b.was:.2f}" if b.count else "–" for b in row))
    table.add_section()
    table.add_row("expected error", *(shown(calibration_error(of)) for of in bins.values()))
    return table


def homophone_table(rows: Sequence[tuple[str, str, float | None, int]]) -> Table:
    """R@1 by what was swapped, with repair on and off."""
    table = Table(title="drcd with homophones: R@1", title_justify="left")
    for head in ("swapped", "repair", "n", "R@1"):
        table.add_column(head, justify="right" if head in ("n", "R@1") else "left")
    for name, repair, value, count in rows:
        table.add_row(name, repair, str(count), shown(value))
    return table


def ask_line(times: AskTimes) -> str:
    """The ask() times with their targets."""
    parts = []
    for name, value, target in zip(("p50", "p99"), (times.p50, times.p99), ASK_TARGETS, strict=True):
        met = target.met(Halves(value, value, value))
        parts.append(f"{name} {value:.2f} ms ([{'green' if met else 'red'}]{target}[/])")
    return f"ask() on the two briefings: {', '.join(parts)}, n {times.count}"


def measure(console: Console, data: Path, still: Still, step: int) -> None:
    """Everything but the ablation: printed, and kept under the data directory."""
    # Alone, before the other processes start.
    times = ask_times(
        build_engine(Settings()), [a.text for a in JudgedSet.load(BLIND["golden"]).asked], rounds=3
    )
    jobs = [
        Job(name, data, still.seed, step) for name in ("drcd", "cmrc", "homophones", "policy", "briefings")
    ]
    outcomes = _in_two_processes(jobs)
    ours = {name: found for o in reversed(outcomes) for name, found in o.ours.items()}
    plain = {name: found for o in reversed(outcomes) for name, found in o.plain.items()}
    rows = [row for name in MEASURES for row in set_rows(name, ours[name], plain[name])]
    bins = calibration(ours)
    swapped = [row for o in outcomes for row in o.homophones]
    if step > 1:
        console.print(f"[bold]A quick look: every {step}th question of the public sets.[/]")
    console.print(
        quality_table(
            "quality; a target is for the reporting half, for judged for each; golden is fitted on nowhere",
            rows,
        )
    )
    for name in ("judged", *BLIND):
        console.print(style_table(name, ours[name], plain[name]))
    console.print(calibration_table(bins), homophone_table(swapped), ask_line(times))
    folder = Settings().data / "bench"
    record = {
        "made": made_with(),
        "settings": Settings().model_dump(mode="json", exclude={"data", "corpus", "index"}),
        "fitted": still.fitted,
        "every": step,
        "corpora": {job.set: o.corpus for job, o in zip(jobs, outcomes, strict=True)},
        "rows": rows,
        "calibration": bins,
        "homophones": swapped,
        "ask": times,
    }
    errors = next(o.errors for o in outcomes if o.errors)
    saved = save(folder, "quality", record)
    (folder / "errors.md").write_text(errors, encoding="utf-8")
    console.print(f"saved: {saved}, {folder / 'errors.md'}", soft_wrap=True)


def _in_two_processes(jobs: Sequence[Job]) -> list[Outcome]:
    with two_processes() as pool:
        return pool.map(run, jobs, chunksize=1)


def ablate(console: Console, data: Path, still: Still, step: int) -> None:
    """What each part is worth, on the judged and golden questions and on policy."""
    found = ablation.compare(data, BLIND["golden"], still.seed, step)
    console.print(ablation.table(found))
    record = {"made": made_with(), "fitted": still.fitted, "every": step, "variants": found}
    console.print(f"saved: {save(Settings().data / 'bench', 'ablation', record)}", soft_wrap=True)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder with questions/, judge/ and sets/"
    )
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="every Nth public question only")
    parser.add_argument("--ablate", action="store_true", help="what each part is worth, instead")
    options = parser.parse_args()
    if options.sample < 1:
        parser.error("--sample must be 1 or more")
    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    with held_still() as still:
        (ablate if options.ablate else measure)(console, options.data.resolve(), still, options.sample)


if __name__ == "__main__":
    main()
