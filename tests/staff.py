"""A tiny corpus as staff keep it, and what they do with it, for tests of versions."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from qa.engine import Engine
from qa.settings import Settings, seed_corpus
from qa.versions.layout import DataDirectory, Publication, State, now, write_state
from qa.versions.storing import store

__all__ = [
    "HALL",
    "HOURS",
    "NOON",
    "QUESTION",
    "begun",
    "described",
    "minsheng",
    "quotes",
    "started",
    "tiny_corpus",
]

HOURS = "大厅周一到周五上午九点开门。"
NOON = "大厅周一到周五中午十二点开门。"
HALL = f"便民服务发布会今天召开。\n大厅主任王小明介绍，{HOURS}没带证件的，可以当场补办。\n"
QUESTION = "大厅几点开门？"


def described(text: str, title: str, more: str = "") -> str:
    """A ``transcript.yaml`` for a source of that text."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"title: {title}\nsource: {{name: source.txt, sha256: '{digest}'}}\n{more}"


def tiny_corpus(folder: Path, texts: Mapping[str, str] | None = None) -> Path:
    """A corpus with a lexicon of next to nothing, so that an engine is soon built."""
    for id, text in (texts or {"hall-2022": HALL}).items():
        place = folder / "transcripts" / id
        place.mkdir(parents=True)
        (place / "source.txt").write_text(text, "utf-8")
        (place / "transcript.yaml").write_text(described(text, f"{id}发布会"), "utf-8")
    (folder / "lexicon").mkdir()
    shutil.copy(seed_corpus() / "lexicon" / "expectations.yaml", folder / "lexicon")
    (folder / "lexicon" / "words.txt").write_text("便民服务\n", "utf-8")
    (folder / "faq").mkdir()
    (folder / "faq" / "hall.yaml").write_text(
        f"- {{id: hours, question: {QUESTION}, all_of: [九点]}}\n", "utf-8"
    )
    return folder


def begun(data: DataDirectory, corpus: Path) -> str:
    """Makes a corpus the first version of a data directory; its name."""
    name = store(data, corpus, Settings(data=data.root))
    first = Publication(when=now(), who="测试", kind="seed", before=None, after=name)
    write_state(data, State(current=name, history=(first,)))
    return name


def quotes(engine: Engine, question: str = QUESTION) -> str:
    """What the engine quotes, or the empty string."""
    return "".join(citation.quote for citation in engine.ask(question).citations)


def _arguments(data: Path, arguments: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    return [sys.executable, "-m", "qa", *arguments], {**os.environ, "MINSHENG_DATA": str(data)}


def minsheng(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command, environment = _arguments(data, arguments)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def started(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The command in a process of its own, not waited for."""
    command, environment = _arguments(data, arguments)
    silent = subprocess.DEVNULL
    return subprocess.Popen(
        command, env=environment, stdin=silent, stdout=silent, stderr=silent, preexec_fn=_interruptible
    )


def _interruptible() -> None:
    """Where the tests run in the background of a shell, Ctrl-C is ignored by all they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
