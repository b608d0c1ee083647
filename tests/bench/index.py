"""Indexing at size: python -m tests.bench.index --data ../shared

Documents of real length are made by recombining the sentences of the public sets. They are indexed in a
process of their own, so that its peak memory is its own; then once more, and after one change.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from qa.indexing import index_corpus
from qa.model import Span
from qa.settings import Settings
from qa.text import sentences
from tests.bench.report import made_with, save

__all__ = ["Indexing", "measured", "recombined"]

DOCUMENTS = 10_000
SETS = ("policy", "cmrc", "drcd")
_PASSAGE = 300
_SEED = 2026


@dataclass(frozen=True, slots=True)
class Indexing:
    """One indexing: ``segmenting`` are seconds in segmentation, ``segmented`` the code points segmented.

    ``cpu`` are the process's own seconds: on a busy machine they say more than the clock.
    """

    seconds: float
    cpu: float
    segmenting: float
    segmented: int
    passages: int
    peak_mib: float


def recombined(folder: Path, count: int) -> Iterator[dict[str, str]]:
    """Documents whose lengths are those of the policy set, made of sentences of all the sets."""
    pool: list[str] = []
    lengths: list[int] = []
    for name in SETS:
        for line in (folder / "sets" / name / "corpus.jsonl").read_text("utf-8").splitlines():
            text = json.loads(line)["text"]
            pool += [span.of(text) for span in sentences(text, Span(0, len(text)))]
            lengths += [len(text)] if name == SETS[0] else []
    chance = random.Random(_SEED)
    for number in range(count):
        wanted, parts, held = chance.choice(lengths), [], 0
        while held < wanted:
            parts.append(chance.choice(pool))
            held += len(parts[-1])
        yield {"id": f"d{number}", "title": parts[0][:30], "text": "\n".join(parts)}


def measured(corpus: Path, out: Path, tokens: Path) -> Indexing:
    """Indexes in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.index", "--one", str(corpus), str(out), str(tokens)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Indexing(**json.loads(done.stdout))


def _one(corpus: Path, out: Path, tokens: Path) -> None:
    began = time.perf_counter()
    made = index_corpus(corpus, out, _PASSAGE, tokens)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = time.process_time()
    print(json.dumps(asdict(Indexing(seconds, cpu, made.seconds, made.segmented, made.passages, peak))))


def _table(runs: dict[str, Indexing], documents: int, characters: int) -> Table:
    title = f"{documents} documents, {characters} code points"
    table = Table(title=title, title_justify="left")
    heads = ("", "seconds", "CPU", "documents/s", "code points/s", "segmentation", "segmented", "peak MiB")
    for head in heads:
        table.add_column(head, justify="right" if head else "left")
    for name, run in runs.items():
        table.add_row(
            name,
            f"{run.seconds:.1f}",
            f"{run.cpu:.1f}",
            f"{documents / run.seconds:.0f}",
            f"{characters / run.seconds:.0f}",
            f"{run.segmenting / run.seconds:.1%}",
            str(run.segmented),
            f"{run.peak_mib:.0f}",
        )
    return table


def _bench(data: Path, count: int) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=130)
    with tempfile.TemporaryDirectory(prefix="minsheng-bench-") as held:
        corpus, out, tokens = Path(held) / "documents.jsonl", Path(held) / "index", Path(held) / "tokens"
        documents = list(recombined(data, count))
        characters = sum(len(document["text"]) for document in documents)
        _write(corpus, documents)
        runs = {"first": measured(corpus, out, tokens), "again, unchanged": measured(corpus, out, tokens)}
        documents[count // 2]["text"] += "\n大厅周一到周五上午九点开门。"
        _write(corpus, documents)
        runs["after one change"] = measured(corpus, out, tokens)
        console.print(_table(runs, count, characters))
        record = {"made": made_with(), "documents": count, "characters": characters, "runs": runs}
        record["cache_mib"] = tokens.stat().st_size / 2**20
    console.print(f"saved: {save(Settings().data / 'bench', 'index', record)}", soft_wrap=True)


def _write(path: Path, documents: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--one", type=Path, nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one is not None:
        _one(*given.one)
    elif given.data is not None:
        _bench(given.data, given.documents)
    else:
        parser.error("--data is needed")


if __name__ == "__main__":
    main()
