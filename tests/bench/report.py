"""Tables for the terminal, and the same figures kept as JSON with what they were measured on."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from tests.bench.results import Result

__all__ = ["Halves", "Row", "Target", "halves", "made_with", "quality_table", "save", "shown"]

PACKAGES = (
    "fastapi",
    "jieba",
    "numpy",
    "opencc",
    "pydantic",
    "pypinyin",
    "rank-bm25",
    "starlette",
    "uvicorn",
    "uvloop",
)

Measure = Callable[[Sequence[Result]], float | None]


@dataclass(frozen=True, slots=True)
class Halves:
    """A figure over the fitting half, the reporting half and all."""

    fit: float | None
    report: float | None
    all: float | None


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure is to reach. ``both`` says that the fitting half must reach it too."""

    value: float
    at_most: bool = False
    both: bool = False

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.value:g}"

    def met(self, figure: Halves) -> bool:
        """Whether a figure reaches it."""
        wanted = [figure.fit, figure.report] if self.both else [figure.report]
        return all(f is not None and (f <= self.value if self.at_most else f >= self.value) for f in wanted)


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one set: the engine's figure and, where there is one, the plain way's."""

    set: str
    measure: str
    count: int
    reported: int
    ours: Halves
    plain: Halves | None = None
    target: Target | None = None


def halves(results: Sequence[Result], measure: Measure) -> Halves:
    """A measure over each half and over all."""
    return Halves(
        measure([r for r in results if r.fit]), measure([r for r in results if not r.fit]), measure(results)
    )


def shown(value: float | None) -> str:
    """A figure for a table: three decimals for a rate, one for larger numbers, – for none."""
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) <= 1 else f"{value:.1f}"


def quality_table(title: str, rows: Sequence[Row]) -> Table:
    """The rows with their targets."""
    table = Table(title=title, title_justify="left")
    for name in ("set", "measure"):
        table.add_column(name, no_wrap=True)
    for name in ("n (report)", "fit", "report", "all", "plain report", "plain all"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("target", no_wrap=True)
    before = ""
    for row in rows:
        if before and row.set != before:
            table.add_section()
        plain = row.plain or Halves(None, None, None)
        table.add_row(
            row.set if row.set != before else "",
            row.measure,
            f"{row.count} ({row.reported})",
            *map(shown, (row.ours.fit, row.ours.report, row.ours.all, plain.report, plain.all)),
            _judged(row),
        )
        before = row.set
    return table


def _judged(row: Row) -> str:
    if row.target is None:
        return ""
    met = row.target.met(row.ours)
    return f"[{'green' if met else 'red'}]{row.target} {'met' if met else 'missed'}[/]"


def made_with() -> Mapping[str, object]:
    """The date and the machine: what a figure depends on beside the code."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
    }


def save(folder: Path, name: str, record: Mapping[str, object]) -> Path:
    """Writes a record into ``folder`` under its name and the time, and says where."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1, default=_plain) + "\n", encoding="utf-8")
    return path


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
