"""How the cost grows with the corpus: python -m tests.bench.size --data ../shared

Passages are made by recombining the sentences of the public sets into documents of real length, about 120
words a passage. Real questions of those sets are asked. Each engine is asked the same words of the same
passages, in turn, five rounds; what is told is the median of the rounds, by the clock and in seconds of the
processor, which say more on a machine that does other things beside. A ratio is over the same questions.
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
from dataclasses import asdict, dataclass, field, replace
from functools import cache, partial
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
from qa.retrieval.large.segmenting import CompiledSegmenter
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
_SLOW_QUESTIONS: Final = 12
"""How many questions an engine is asked that takes a second or so for each."""
_RANK_BM25_UNTIL: Final = 100_000
_SAMPLE: Final = 300
"""How many documents are cut to see how many characters a passage has."""
_LIMIT: Final = 300
_MORE: Final = 1.01
"""How much more is made than the sample says is needed: there must be no fewer passages than wanted."""
_MIB: Final = 2**20
_TITLE_CHARS: Final = 30


@dataclass(frozen=True)
class Speed:
    """Milliseconds a question: the median and the 99th percentile, each the median of the rounds.

    ``cpu50`` and ``cpu99`` are those of the processor's time. ``ratio`` and ``cpu_ratio`` say how many times
    as long as our words the same questions took, by the median.
    """

    p50: float
    p99: float
    cpu50: float
    cpu99: float
    ratio: float | None = None
    cpu_ratio: float | None = None


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
    open_cpu: float = 0.0
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
    characters = _characters_a_passage(data, path)
    documents, held = 0, 0
    with path.open("w", encoding="utf-8") as file:
        for document in recombined(data, sys.maxsize):
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
            documents += 1
            held += len(document["text"])
            if held >= wanted * characters * _MORE:
                break
    return documents, int(held / characters)


def _characters_a_passage(data: Path, path: Path) -> float:
    """By the first documents, which are written to ``path``."""
    sample = list(recombined(data, _SAMPLE))
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in sample), "utf-8")
    cut = sum(1 for transcript in read_jsonl(path) for _ in passages(transcript, _LIMIT))
    return sum(len(one["text"]) for one in sample) / cut


def questions_of(data: Path) -> list[str]:
    """Real questions, the same ones each time."""
    found = []
    for name in SETS:
        lines = (data / "sets" / name / "queries.jsonl").read_text("utf-8").splitlines()
        found += [json.loads(line)["text"] for line in lines]
    return random.Random(7).sample([text for text in found if len(text) <= _LIMIT], _QUESTIONS)


def _words(corpus: Path, engine: Engine, path: Path) -> Callable[[], Iterator[list[str]]]:
    """The words of each passage and its context, as this project indexes them: cut once, into ``path``."""
    script, compiled = ScriptConverter(), CompiledSegmenter(engine.segmenter)
    with path.open("w", encoding="utf-8") as file:
        for transcript in read_jsonl(corpus):
            fold = cache(script.fold)
            for passage in passages(transcript, _LIMIT):
                tokens, _ = compiled.tokens(passage_texts(passage, fold))
                text = tokens.codes.tobytes().decode("utf-32-le")
                starts, lengths = tokens.starts.tolist(), tokens.lengths.tolist()
                spans = zip(starts, lengths, tokens.pairs.tolist(), strict=True)
                held = [text[start : start + length] for start, length, pair in spans if not pair]
                file.write(" ".join(held) + "\n")

    def of_all() -> Iterator[list[str]]:
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield line.removesuffix("\n").split(" ")

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
    questions = questions_of(data)
    # Before it is open here: what some process has mapped stays in memory.
    log(f"{wanted}: cold opening, memory of a worker")
    cold = _cold(index, questions[0])
    worker = _second_worker(index, questions)
    engine = build_engine(Settings(index=index))
    held = engine.passages
    found = Measured(len(held), len(engine.transcripts), _words_a_passage(engine), seconds, mib)
    found.disk = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    found.open_cold, found.open_cpu, found.start_cold = cold
    found.worker_mib = worker
    log(f"{wanted}: cutting words")
    words = _words(corpus, engine, folder / "words.txt")
    log(f"{wanted}: making {', '.join(others)}")
    made = [ENGINES[name](words, folder) for name in others]
    for one in made:
        found.builds[one.name], found.disks[one.name] = one.seconds, one.bytes
    log(f"{wanted}: asking")
    _ask_in_turn(found, engine, made, questions)
    found.a_second_one, found.a_second_two = (_a_second(engine, questions, count) for count in (1, 2))
    log(f"{wanted}: asking in two processes")
    found.speeds["ask(), two processes at once"] = _both_cores(index, questions)
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
    script, every = ScriptConverter(), engine.passages
    some = [every[at].text for at in range(0, len(every), max(1, len(every) // 200))]
    cut = (engine.segmenter.words(script.fold(text)) for text in some)
    return statistics.mean(sum(any(map(str.isalnum, word.text)) for word in held) for held in cut)


def _forget(index: Path) -> None:
    """Takes the index's files out of the page cache."""
    for path in index.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _cold(index: Path, question: str) -> tuple[float, float, float]:
    """Seconds from opening to the first answer, of these the processor's, and from the process's start.

    Each the median.
    """
    opened, busy, started = [], [], []
    for _ in range(ROUNDS):
        _forget(index)
        began = time.perf_counter()
        command = [sys.executable, "-m", "tests.bench.size", "--first", str(index), question]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        started.append(time.perf_counter() - began)
        clock, cpu = map(float, done.stdout.split()[-2:])
        opened.append(clock)
        busy.append(cpu)
    return statistics.median(opened), statistics.median(busy), statistics.median(started)


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
        asks[one.name] = (one.ask, words[:: len(words) // _SLOW_QUESTIONS] if slow else words)
    for ask, given in asks.values():
        for one_asked in given:
            ask(one_asked)
    rounds: dict[str, list[_Times]] = {name: [] for name in asks}
    for _ in range(ROUNDS):
        for name, (ask, given) in asks.items():
            rounds[name].append([_milliseconds(ask, one_asked) for one_asked in given])
    for name, times in rounds.items():
        found.speeds[name] = _speed(times)
    for one in made:
        same = range(0, len(words), len(words) // len(asks[one.name][1]))
        mine = [[times[at] for at in same] for times in rounds["words"]]
        theirs, ours_too = _speed(rounds[one.name]), _speed(mine)
        found.speeds[one.name] = replace(
            theirs, ratio=theirs.p50 / ours_too.p50, cpu_ratio=theirs.cpu50 / ours_too.cpu50
        )


_Times = list[tuple[float, float]]
"""Milliseconds of each question, by the clock and of the processor."""


def _speed(rounds: Sequence[_Times]) -> Speed:
    def middle(which: int, share: int) -> float:
        each = [[times[which] for times in one] for one in rounds]
        return statistics.median(statistics.quantiles(one, n=100, method="inclusive")[share] for one in each)

    return Speed(middle(0, 49), middle(0, 98), middle(1, 49), middle(1, 98))


def _milliseconds(ask: Callable[[Any], object], asked: Any) -> tuple[float, float]:
    began, busy = time.perf_counter(), time.thread_time()
    ask(asked)
    cpu = time.thread_time() - busy
    return (time.perf_counter() - began) * 1000, cpu * 1000


def _both_cores(index: Path, questions: Sequence[str]) -> Speed:
    """How long ask() takes while another process asks as much; the slower of the two."""
    command = [sys.executable, "-m", "tests.bench.size", "--asking", str(index), json.dumps(list(questions))]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [Speed(**json.loads(process.communicate()[0])) for process in started]
    return max(told, key=lambda speed: speed.p99)


def _asked(index: Path, questions: Sequence[str]) -> Speed:
    engine = build_engine(Settings(index=index))
    for question in questions:
        engine.ask(question)
    return _speed([[_milliseconds(engine.ask, question) for question in questions] for _ in range(ROUNDS)])


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
    row("of these the processor's, s", lambda one: one.open_cpu)
    row("the same from process start, s", lambda one: one.start_cold)
    row("retrievals a second, one thread", lambda one: one.a_second_one, "{:.0f}")
    row("retrievals a second, two threads", lambda one: one.a_second_two, "{:.0f}")
    for name in dict.fromkeys(name for one in found for name in one.speeds):
        for which, told in _TOLD.items():
            row(f"{name}, {told}", partial(_of, name, which), "{:.3f}")
        if name in {other for one in found for other in one.builds}:
            row(f"{name} / our words, p50", partial(_of, name, "ratio"), "{:.2f}x", False)
            row(f"{name} / our words, p50 CPU", partial(_of, name, "cpu_ratio"), "{:.2f}x", False)
            row(f"{name}, build s, words given", partial(_build, name), "{:.1f}")
            row(f"{name}, disk bytes a passage", partial(_disk, name), "{:.0f}")
    return made


_TOLD: Final = {"p50": "p50 ms", "p99": "p99 ms", "cpu50": "p50 ms CPU", "cpu99": "p99 ms CPU"}


def _of(name: str, which: str, one: Measured) -> float | None:
    speed = one.speeds.get(name)
    held = None if speed is None else getattr(speed, which)
    return None if held is None else float(held)


def _build(name: str, one: Measured) -> float | None:
    return one.builds.get(name)


def _disk(name: str, one: Measured) -> float | None:
    held = one.disks.get(name)
    return held / one.passages if held else None


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sizes", type=lambda text: tuple(map(int, text.split(","))), default=SIZES)
    parser.add_argument("--after", type=Path, help="what was saved of other sizes, to show beside these")
    parser.add_argument("--work", type=Path, help="where to work; by default the temporary directory")
    parser.add_argument("--build", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--first", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--asking", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.build is not None:
        corpus, index = given.build
        index_corpus(corpus, index, _LIMIT, index.parent / "tokens", size=Size("large"))
    elif given.first is not None:
        began, busy = time.perf_counter(), time.process_time()
        build_engine(Settings(index=Path(given.first[0]))).ask(given.first[1])
        print(time.perf_counter() - began, time.process_time() - busy)
    elif given.worker is not None:
        engine = build_engine(Settings(index=Path(given.worker[0])))
        for question in json.loads(given.worker[1]):
            engine.ask(question)
        print("ready", flush=True)
        sys.stdin.readline()
    elif given.asking is not None:
        print(json.dumps(asdict(_asked(Path(given.asking[0]), json.loads(given.asking[1])))))
    elif given.data is not None:
        _bench(given.data, given.sizes, given.work, _saved(given.after) if given.after else [])
    else:
        parser.error("--data is needed")


def _saved(path: Path) -> list[Measured]:
    """The sizes of an earlier run."""
    sizes = json.loads(path.read_text("utf-8"))["sizes"]
    return [
        Measured(**{**one, "speeds": {name: Speed(**told) for name, told in one["speeds"].items()}})
        for one in sizes
    ]


def _bench(data: Path, sizes: Sequence[int], work: Path | None, found: list[Measured]) -> None:
    console = Console()
    for size in sizes:
        others = [name for name in ENGINES if name != "rank_bm25" or size <= _RANK_BM25_UNTIL]
        with tempfile.TemporaryDirectory(prefix="minsheng-size-", dir=work) as folder:
            found.append(measure(data, size, Path(folder), others, console.log))
        console.print(table(found))
        # The largest takes longest: what the others gave is kept whatever becomes of it.
        record = {"made": made_with(), "sizes": [asdict(one) for one in found]}
        console.print(f"saved: {save(Settings().data / 'bench', 'size', record)}", soft_wrap=True)


if __name__ == "__main__":
    main()
