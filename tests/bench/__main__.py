"""Speed and memory on the two briefings: python -m tests.bench"""

from __future__ import annotations

import json
import statistics
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from qa.answering.fitted import load_fitted
from qa.engine import build_engine
from qa.settings import Settings
from tests.bench import speed
from tests.bench.baseline import Plain, units
from tests.bench.report import made_with, save
from tests.bench.sets import judged
from tests.bench.speed import AskTimes, Load, Start

QUESTIONS = Path(__file__).resolve().parent.parent / "data" / "golden.jsonl"
PASSAGE = 300
ROUNDS = 7
STARTS = 5


def questions_table(ours: AskTimes, plain: AskTimes) -> Table:
    """One thread, no server."""
    table = Table(
        title=f"{ours.count} questions, median of {ours.rounds} rounds, one thread", title_justify="left"
    )
    for head in ("", "p50 ms", "p99 ms"):
        table.add_column(head, justify="right" if head else "left")
    for name, times in (("ask()", ours), ("plain rank_bm25 + jieba", plain)):
        table.add_row(name, f"{times.p50:.2f}", f"{times.p99:.2f}")
    table.add_row("ratio", f"{ours.p50 / plain.p50:.2f}", f"{ours.p99 / plain.p99:.2f}")
    return table


def start_table(start: Start) -> Table:
    """A fresh process."""
    table = Table(title=f"fresh process, median of {STARTS}", title_justify="left")
    table.add_column("")
    table.add_column("median", justify="right")
    table.add_row("start to first answer", f"{start.seconds:.2f} s")
    table.add_row("peak memory, first answer", f"{start.first_mib:.0f} MiB")
    table.add_row("peak memory, all questions", f"{start.peak_mib:.0f} MiB")
    return table


def server_table(loads: dict[str, Load]) -> Table:
    """One server process, one worker, requests from this process."""
    table = Table(
        title=f"one uvicorn worker, {speed.CONNECTIONS} connections, {speed.SECONDS:g} s each",
        title_justify="left",
    )
    for head in ("", "requests/s", "of bare", "p50 ms", "p99 ms", "failed"):
        table.add_column(head, justify="right" if head else "left")
    whole = next(iter(loads.values())).per_second
    for name, of in loads.items():
        share = of.per_second / whole
        cells = (f"{of.per_second:.0f}", f"{share:.3f}", f"{of.p50:.1f}", f"{of.p99:.1f}", str(of.failed))
        table.add_row(name, *cells)
    return table


def server_loads(questions: list[str]) -> dict[str, Load]:
    """The bare endpoints and ``/api/v1/ask`` of one server process, the barest first."""
    bodies = [json.dumps({"question": q}, ensure_ascii=False).encode() for q in questions]
    with speed.serving() as port:
        return {
            "bare FastAPI endpoint (GET, async)": speed.load(port, speed.BARE, ()),
            "bare FastAPI endpoint (POST, JSON body)": speed.load(port, speed.BARE_POST, bodies),
            "/api/v1/ask": speed.load(port, "/api/v1/ask", bodies),
        }


def typical_start() -> Start:
    """The medians of several fresh processes."""
    runs = [speed.start(QUESTIONS) for _ in range(STARTS)]
    return replace(
        runs[0],
        seconds=statistics.median(r.seconds for r in runs),
        first_mib=statistics.median(r.first_mib for r in runs),
        peak_mib=statistics.median(r.peak_mib for r in runs),
    )


def main() -> None:
    """The command."""
    console = Console()
    start = typical_start()
    console.print(start_table(start))
    engine = build_engine(Settings())
    questions = [asked.text for asked in judged(QUESTIONS)]
    plain = Plain(u for t in engine.transcripts.values() for u in units(t.id, t.text, PASSAGE))
    ours = speed.ask_times(engine, questions, ROUNDS)
    beside = speed.plain_times(plain, questions, ROUNDS)
    console.print(questions_table(ours, beside))
    loads = server_loads(questions)
    console.print(server_table(loads))
    record = {
        "made": made_with(),
        "settings": Settings().model_dump(mode="json", exclude={"data", "corpus", "index"}),
        "corpus": engine.corpus,
        "fitted": load_fitted().digest,
        "start": start,
        "ask": ours,
        "plain": beside,
        "ask_to_plain": ours.p50 / beside.p50,
        "server": loads,
        "connections": speed.CONNECTIONS,
        "seconds": speed.SECONDS,
    }
    console.print(f"saved: {save(Settings().data / 'bench', 'speed', record)}", soft_wrap=True)


if __name__ == "__main__":
    main()
