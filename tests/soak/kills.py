"""``kill -9`` during publish: afterwards it is the old version or the new one, whole, and work goes on."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from qa.settings import Settings
from qa.versions.draft import Draft
from qa.versions.inventory import inventory
from qa.versions.layout import DataDirectory, read_state
from qa.versions.lock import changing
from qa.versions.publishing import prepare, switch
from qa.versions.serving import open_version
from qa.versions.storing import current_folder
from tests.staff import HALL, HOURS, begun, described, quotes, started, tiny_corpus

__all__ = ["Killed", "Soak"]

_ID = "hall-2022"
_PATIENCE = 120.0
_ABOUT = 0.02  # seconds after the switch begins


@dataclass(frozen=True, slots=True)
class Killed:
    """What one kill came to. ``after`` is when it came, in seconds from the first change on disk.

    ``ended``: the publication was over already. ``switched``: the new version is current.
    """

    after: float
    ended: bool
    switched: bool


class Soak:
    """A data directory whose publications are killed; every expectation is an assertion.

    Args:
        faq: whether a question set is asked before each publication, as usual.
    """

    def __init__(self, root: Path, seed: int, faq: bool = True) -> None:
        self.data = DataDirectory(root / "data")
        self.settings = Settings(data=self.data.root)
        self._random = random.Random(seed)
        self._round = 0
        self._before = ""
        corpus = tiny_corpus(root / "corpus")
        if not faq:
            shutil.rmtree(corpus / "faq")
        started_at = time.monotonic()
        self._words = {begun(self.data, corpus): HOURS}
        self._seconds = 2.5 * (time.monotonic() - started_at)  # storing, and opening what was stored
        self._kept = {name: inventory(self.data.version(name)) for name in self._words}

    def measure(self) -> float:
        """How long a publication takes when nobody kills it."""
        self._change()
        process = self._published()
        began = self._at_work(process)
        assert process.wait(_PATIENCE) == 0
        self._seconds = time.monotonic() - began
        self._check(self._current(), self._hours())
        return self._seconds

    def kill(self, *, late: bool = False) -> Killed:
        """Changes the draft, publishes, kills at a random moment, and looks at what is left.

        ``late``: the moment is when the record of the current version is being replaced, or just after.
        """
        self._before = before = self._current()
        old = self._words[before]
        self._change()
        process = self._published()
        began = self._at_work(process)
        if late:
            self._switching(process)
            ends = time.monotonic() + self._random.choice((0.0, self._random.uniform(0, _ABOUT)))
        else:
            ends = began + self._random.uniform(0, 1.1 * self._seconds)
        time.sleep(max(0.0, ends - time.monotonic()))
        ended = process.poll() is not None
        process.kill()
        process.wait()
        wait = time.monotonic() - began
        after = self._current()
        switched = after != before
        self._check(after, self._hours() if switched else old)
        self._goes_on()
        return Killed(wait, ended, switched)

    def _hours(self) -> str:
        return HOURS.replace("九点", f"九点{self._round}分")

    def _change(self) -> None:
        """Another draft; what an interrupted publication left of the last one is done with first."""
        self._round += 1
        with changing(self.data, "测试", "改草稿"):
            draft = Draft.begun(self.data, self.settings, "测试")
            text = HALL.replace(HOURS, self._hours())
            (draft.transcripts / _ID / "source.txt").write_text(text, "utf-8")
            (draft.transcripts / _ID / "transcript.yaml").write_text(described(text, "便民发布会"), "utf-8")

    def _published(self) -> subprocess.Popen[bytes]:
        return started(self.data.root, "corpus", "publish", "--max-broken", "100%", "--yes")

    def _at_work(self, process: subprocess.Popen[bytes]) -> float:
        ends = time.monotonic() + _PATIENCE
        while not (self.data.root / "lock.json").exists() and process.poll() is None:
            assert time.monotonic() < ends
            time.sleep(0.001)
        return time.monotonic()

    def _switching(self, process: subprocess.Popen[bytes]) -> None:
        """Waits until the record that names the current version is written anew, or has been."""
        before, ends = self.data.current_file.stat().st_ino, time.monotonic() + _PATIENCE
        while self.data.current_file.stat().st_ino == before and process.poll() is None:
            if any(self.data.root.glob(f".{self.data.current_file.name}-*")):
                return
            assert time.monotonic() < ends

    def _current(self) -> str:
        return current_folder(self.data).name

    def _check(self, name: str, words: str) -> None:
        """The current version is whole and answers as it should, and so is every one before it."""
        if self._words.get(name) != words or name == self._before:  # else just looked at
            engine = open_version(self.data.version(name), self.settings)
            assert quotes(engine) == words
            assert engine.corpus == f"sha256:{name}"
            assert words in engine.transcripts[_ID].text
        self._words[name] = words
        self._kept.setdefault(name, inventory(self.data.version(name)))
        state = read_state(self.data)
        assert state is not None
        assert state.history[-1].after == state.current == name
        assert set(state.published()) == set(self._kept)
        for earlier, files in self._kept.items():
            assert inventory(self.data.version(earlier)) == files

    def _goes_on(self) -> None:
        """The next publication works, and nothing half-written stays."""
        with changing(self.data, "测试", "发布"):
            if Draft.exists(self.data):
                prepared = prepare(self.data, self.settings)
                if not prepared.same:
                    switch(self.data, prepared.name, "测试", "接着做")
                Draft.discard(self.data)
        self._check(self._current(), self._hours())
        left = {path.name for path in (*self.data.root.iterdir(), *self.data.versions.iterdir())}
        assert not {name for name in left if name.startswith((".new", ".current"))}
