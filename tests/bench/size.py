"""How the cost grows with the corpus: python -m tests.bench.size --data ../shared

Passages are made by recombining the sentences of the public sets into documents of real length, about 120
words a passage. Real questions of those sets are asked. Each engine is asked the same words of the same
passages, in turn, five rounds; what is told is the median of the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import psutil
from rich.console import Console
from rich.table import Table

from qa.engine import Engine, build_engine
from qa.indexing import Size, index_corpus
from qa.language.script import ScriptConverter
from qa.retrieval.index import passage_texts
from qa.retrieval.large.index import LargeIndex
from qa.retrieval.passages import passages
from qa.retrieval.terms import words as words_of
from qa.settings import Settings
from qa.transcripts.jsonl import read_jsonl
from tests.bench.index import SETS, recombined
from tests.bench.report import made_with, save
from tests.bench.size_engines import ENGINES, Asked, Made, ours

__all__ = ["Measured", "corpus_of", "measure"]

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS: Final = 5
_QUESTIONS: Final = 300
_SLOW_QUESTIONS: Final = 4
_RANK_BM25_UNTIL: Final = 100_000
_LIMIT: Final = 300
_MIB: Final = 2**20
_TITLE_CHARS: Final = 30


@dataclass(frozen=True)
class Speed:
    """Milliseconds a question: the median and the 99th percentile, each the median of the rounds."""

    p50: float
    p99: float


@dataclass
class Measured:
    """One size. Times in seconds unless a name says otherwise; ``speeds`` by what was asked."""

    passages: int
    documents: int
    words_a_passage: float
    build: float = 0.0
    build_mib: float = 0.0
    disk: int = 0
    open_cold: float = 0.0
    start_cold: float = 0.0
    worker_mib: float = 0.0
    a_second_one: float = 0.0
    a_second_two: float = 0.0
    speeds: dict[str, Speed] = field(default_factory=dict)
    builds: dict[str, float] = field(default_factory=dict)
    disks: dict[str, int] = field(default_factory=dict)


# -- the corpus and the questions ------------------------------------------------------------------------


def corpus_of(data: Path, wanted: int, path: Path) -> tuple[int, int]:
    """Writes documents that make at least ``wanted`` passages; gives how many of both."""
    documents, made = 0, 0
    with path.open("w", encoding="utf-8") as file:
        for document in recombined(data, sys.maxsize):
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
            documents += 1
            # Counted closely enough without cutting: a passage is as many whole sentences as fit.
            made += -(-len(document["text"]) // (_LIMIT * 3 // 4))
            if made >= wanted:
                break
    return documents, made


def questions_of(data: Path) -> list[str]:
    """Real questions, the same ones each time."""
    found = []
    for name in SETS:
        lines = (data / "sets" / name / "queries.jsonl").read_text("utf-8").splitlines()
        found += [json.loads(line)["text"] for line in lines]
    return random.Random(7).sample([text for text in found if len(text) <= _LIMIT], _QUESTIONS)


def _words(corpus: Path, engine: Engine) -> Callable[[], Iterator[list[str]]]:
    """The words of each passage and its context, as this project indexes them."""
    script, segmenter = ScriptConverter(), engine.segmenter

    def of_all() -> Iterator[list[str]]:
        from qa.retrieval.large.segmenting import CompiledSegmenter

        compiled = CompiledSegmenter(segmenter)
        for transcript in read_jsonl(corpus):
            for passage in passages(transcript, _LIMIT):
                tokens, _ = compiled.tokens(passage_texts(passage, script.fold))
                text = tokens.codes.tobytes().decode("utf-32-le")
                starts, lengths = tokens.starts.tolist(), tokens.lengths.tolist()
                spans = zip(starts, lengths, tokens.pairs.tolist(), strict=True)
                yield [text[start : start + length] for start, length, pair in spans if not pair]

    return of_all


# -- one size --------------------------------------------------------------------------------------------


def measure(
    data: Path, wanted: int, folder: Path, others: Sequence[str], log: Callable[[str], None]
) -> Measured:
    """Everything about one size; what is made is left in ``folder``."""
    corpus, index = folder / "documents.jsonl", folder / "index"
    log(f"{wanted}: making the documents")
    corpus_of(data, wanted, corpus)
    log(f"{wanted}: building the index")
    seconds, mib = _built(corpus, index)
    engine = build_engine(Settings(index=index))
    held = engine.passages
    found = Measured(len(held), len(engine.transcripts), _words_a_passage(engine), seconds, mib)
    found.disk = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    questions = questions_of(data)
    log(f"{wanted}: cold opening, memory of a worker")
    found.open_cold, found.start_cold = _cold(index, questions[0])
    found.worker_mib = _second_worker(index, questions)
    log(f"{wanted}: making {', '.join(others)}")
    made = [ENGINES[name](_words(corpus, engine), folder) for name in others]
    for one in made:
        found.builds[one.name], found.disks[one.name] = one.seconds, one.bytes
    log(f"{wanted}: asking")
    _ask_in_turn(found, engine, made, questions)
    found.a_second_one, found.a_second_two = (_a_second(engine, questions, count) for count in (1, 2))
    return found


def _built(corpus: Path, index: Path) -> tuple[float, float]:
    """Seconds, and the most memory all processes had of their own, in MiB."""
    command = [sys.executable, "-m", "tests.bench.size", "--build", str(corpus), str(index)]
    began, most = time.perf_counter(), 0.0
    with subprocess.Popen(command) as process:
        root = psutil.Process(process.pid)
        while process.poll() is None:
            most = max(most, _own(root))
            time.sleep(0.25)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - began, most


def _own(root: psutil.Process) -> float:
    total = 0
    try:
        for one in (root, *root.children(recursive=True)):
            total += one.memory_full_info().uss
    except psutil.Error:  # one has just ended
        return 0.0
    return total / _MIB


def _words_a_passage(engine: Engine) -> float:
    script, held = ScriptConverter(), engine.passages
    some = [held[at].text for at in range(0, len(held), max(1, len(held) // 200))]
    return statistics.mean(sum(1 for _ in engine.segmenter.words(script.fold(text))) for text in some)


def _forget(index: Path) -> None:
    """Takes the index's files out of the page cache."""
    for path in index.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _cold(index: Path, question: str) -> tuple[float, float]:
    """Seconds from opening to the first answer, and from the start of the process; medians."""
    opened, started = [], []
    for _ in range(ROUNDS):
        _forget(index)
        began = time.perf_counter()
        command = [sys.executable, "-m", "tests.bench.size", "--first", str(index), question]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        started.append(time.perf_counter() - began)
        opened.append(float(done.stdout.split()[-1]))
    return statistics.median(opened), statistics.median(started)


def _second_worker(index: Path, questions: Sequence[str]) -> float:
    """What a worker has of its own beside another one that answers the same questions, in MiB."""
    asked = json.dumps(list(questions[:100]))
    command = [sys.executable, "-m", "tests.bench.size", "--worker", str(index), asked]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as first, subprocess.Popen(command, **pipes) as second:
        for process in (first, second):
            assert process.stdout is not None
            process.stdout.readline()
        found: float = psutil.Process(second.pid).memory_full_info().uss / _MIB
        for process in (first, second):
            process.communicate("\n")
    return found


def _ask_in_turn(found: Measured, engine: Engine, made: Sequence[Made], questions: Sequence[str]) -> None:
    index, script = engine._index, ScriptConverter()
    assert isinstance(index, LargeIndex)
    words = [list(dict.fromkeys(words_of(script.fold(text), engine.segmenter))) for text in questions]
    terms = [dict(engine.understand(text).terms) for text in questions]
    most = engine.settings.candidates
    asks: dict[str, tuple[Asked, Sequence[Any]]] = {
        "words": (ours(index), words),
        "retrieval": (lambda number: index.top(terms[int(str(number))], most), range(len(terms))),
        "ask()": (lambda text: engine.ask(str(text)), questions),
    }
    for one in made:
        slow = one.name in ("rank_bm25", "SQLite FTS5") and found.passages > SIZES[1]
        asks[one.name] = (one.ask, words[:_SLOW_QUESTIONS] if slow else words)
    rounds: dict[str, list[list[float]]] = {name: [] for name in asks}
    for ask, given in asks.values():
        for one_asked in given:
            ask(one_asked)
    for _ in range(ROUNDS):
        for name, (ask, given) in asks.items():
            rounds[name].append([_milliseconds(ask, one_asked) for one_asked in given])
    for name, times in rounds.items():
        halves = [statistics.median(one) for one in times]
        ends = [statistics.quantiles(one, n=100, method="inclusive")[98] for one in times]
        found.speeds[name] = Speed(statistics.median(halves), statistics.median(ends))


def _milliseconds(ask: Callable[[Any], object], asked: Any) -> float:
    began = time.perf_counter()
    ask(asked)
    return (time.perf_counter() - began) * 1000


def _a_second(engine: Engine, questions: Sequence[str], threads: int) -> float:
    """How many retrievals a second so many threads make together."""
    index, most = engine._index, engine.settings.candidates
    terms = [engine.understand(text).terms for text in questions]

    def work(part: Sequence[Any]) -> None:
        for query in part:
            index.top(query, most)

    began = time.perf_counter()
    running = [threading.Thread(target=work, args=(terms[at::threads],)) for at in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return len(terms) / (time.perf_counter() - began)


# -- the table -------------------------------------------------------------------------------------------


_Value = Callable[[Measured], float | None]


def table(found: Sequence[Measured]) -> Table:
    """One column a size, and how the cost grew from 10,000 to the largest."""
    made = Table(title="One machine, by number of passages", title_justify="left")
    made.add_column("")
    for one in found:
        made.add_column(f"{one.passages:,}", justify="right")
    made.add_column("growth from 10k", justify="right")
    base = next((one for one in found if one.passages >= SIZES[1]), found[0])

    def row(
        name: str, value: Callable[[Measured], float | None], form: str = "{:.2f}", grows: bool = True
    ) -> None:
        values = [value(one) for one in found]
        start, end = value(base), values[-1]
        grown = f"{end / start:.1f}x" if grows and start and end and found[-1] is not base else ""
        made.add_row(name, *("–" if v is None else form.format(v) for v in values), grown)

    row("documents", lambda one: one.documents, "{:,}")
    row("jieba words a passage", lambda one: one.words_a_passage, "{:.0f}", grows=False)
    row("build, s", lambda one: one.build, "{:.1f}")
    row("build, most memory, MiB", lambda one: one.build_mib, "{:.0f}")
    row("disk, bytes a passage", lambda one: one.disk / one.passages, "{:.0f}")
    row("own memory of a worker, MiB", lambda one: one.worker_mib, "{:.0f}")
    row(
        "own memory, bytes a passage", lambda one: one.worker_mib * _MIB / one.passages, "{:.0f}", grows=False
    )
    row("cold open to first answer, s", lambda one: one.open_cold)
    row("the same from process start, s", lambda one: one.start_cold)
    row("retrievals a second, one thread", lambda one: one.a_second_one, "{:.0f}")
    row("retrievals a second, two threads", lambda one: one.a_second_two, "{:.0f}")
    for name in dict.fromkeys(name for one in found for name in one.speeds):
        row(f"{name}, p50 ms", partial(_of, name, "p50"), "{:.3f}")
        row(f"{name}, p99 ms", partial(_of, name, "p99"), "{:.3f}")
        if name not in ("words", "retrieval", "ask()"):
            row(f"{name} / ours, same words, p50", partial(_ratio, name), "{:.2f}x", False)
            row(f"{name}, build s", partial(_build, name), "{:.1f}")
            row(f"{name}, disk bytes a passage", partial(_disk, name), "{:.0f}")
    return made


def _of(name: str, which: str, one: Measured) -> float | None:
    speed = one.speeds.get(name)
    return None if speed is None else float(getattr(speed, which))


def _build(name: str, one: Measured) -> float | None:
    return one.builds.get(name)


def _ratio(name: str, one: Measured) -> float | None:
    theirs, mine = _of(name, "p50", one), _of("words", "p50", one)
    return None if theirs is None or not mine else theirs / mine


def _disk(name: str, one: Measured) -> float | None:
    held = one.disks.get(name)
    return held / one.passages if held else None


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sizes", type=lambda text: tuple(map(int, text.split(","))), default=SIZES)
    parser.add_argument("--work", type=Path, help="where to work; by default the temporary directory")
    parser.add_argument("--build", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--first", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.build is not None:
        corpus, index = given.build
        index_corpus(corpus, index, _LIMIT, index.parent / "tokens", size=Size("large"))
    elif given.first is not None:
        began = time.perf_counter()
        build_engine(Settings(index=Path(given.first[0]))).ask(given.first[1])
        print(time.perf_counter() - began)
    elif given.worker is not None:
        engine = build_engine(Settings(index=Path(given.worker[0])))
        for question in json.loads(given.worker[1]):
            engine.ask(question)
        print("ready", flush=True)
        sys.stdin.readline()
    elif given.data is not None:
        _bench(given.data, given.sizes, given.work)
    else:
        parser.error("--data is needed")


def _bench(data: Path, sizes: Sequence[int], work: Path | None) -> None:
    console = Console()
    found = []
    for size in sizes:
        others = [name for name in ENGINES if name != "rank_bm25" or size <= _RANK_BM25_UNTIL]
        with tempfile.TemporaryDirectory(prefix="minsheng-size-", dir=work) as folder:
            found.append(measure(data, size, Path(folder), others, console.log))
        console.print(table(found))
    record = {"made": made_with(), "sizes": [asdict(one) for one in found]}
    console.print(f"saved: {save(Settings().data / 'bench', 'size', record)}", soft_wrap=True)


if __name__ == "__main__":
    main()
