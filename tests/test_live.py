"""A running server follows what is published: no restart, no request dropped, no memory lost."""

from __future__ import annotations

import http.client
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from qa.engine import Engine
from qa.errors import VersionError
from qa.settings import Settings
from qa.versions.draft import Draft
from qa.versions.layout import DataDirectory
from qa.versions.publishing import prepare, switch
from qa.versions.storing import current_folder
from tests.staff import HALL, HOURS, NOON, QUESTION, begun, described, quotes, tiny_corpus
from web.live import LiveEngine

_PATIENCE = 60.0


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataDirectory, str, str]:
    """A data directory with two versions: open at nine, which is current, and at noon."""
    root = tmp_path_factory.mktemp("live")
    data = DataDirectory(root / "data")
    settings = Settings(data=data.root)
    nine = begun(data, tiny_corpus(root / "corpus"))
    folder = Draft.begun(data, settings, "王某").transcripts / "hall-2022"
    text = HALL.replace(HOURS, NOON)
    (folder / "source.txt").write_text(text, "utf-8")
    (folder / "transcript.yaml").write_text(described(text, "hall-2022发布会"), "utf-8")
    noon = prepare(data, settings).name
    return data, nine, noon


@pytest.fixture
def data(made: tuple[DataDirectory, str, str], tmp_path: Path) -> DataDirectory:
    return DataDirectory(shutil.copytree(made[0].root, tmp_path / "data"))


@pytest.fixture
def noon(made: tuple[DataDirectory, str, str]) -> str:
    return made[2]


@pytest.fixture
def live(data: DataDirectory) -> LiveEngine:
    return LiveEngine(Settings(data=data.root), seconds=0.05)


def _until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_a_published_version_is_followed_and_a_request_keeps_the_one_it_began_with(
    data: DataDirectory, live: LiveEngine, noon: str
) -> None:
    before = live.current
    live.look()
    assert live.current is before
    switch(data, noon, "王某", "改期")
    live.watching()
    _until(lambda: live.current is not before)
    live.close()
    assert quotes(live.current) == NOON
    assert quotes(before) == HOURS
    status = live.status
    assert (status.version, status.corpus) == (noon, f"sha256:{noon}")
    assert (status.loading, status.problem) == (None, None)


def test_a_version_that_cannot_be_loaded_is_told_and_the_old_one_served_on(
    data: DataDirectory, live: LiveEngine, noon: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = live.current
    switch(data, noon, "王某", "改期")
    (data.version(noon) / "transcripts" / "hall-2022" / "source.txt").unlink()
    with caplog.at_level(logging.ERROR, "minsheng.live"):
        live.look()
    assert live.current is before
    assert live.status.problem == "version_damaged"
    assert "served on" in caplog.text
    data.current_file.write_text("{", "utf-8")
    live.look()
    assert live.current is before
    assert live.status.problem == "current_damaged"


def test_a_server_does_not_start_on_a_version_that_cannot_be_loaded(data: DataDirectory) -> None:
    (current_folder(data) / "lexicon" / "words.txt").unlink()
    with pytest.raises(VersionError):
        LiveEngine(Settings(data=data.root))


def test_the_first_version_ever_published_is_followed_from_the_seed(
    data: DataDirectory, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.live.build_engine", lambda settings: engine)
    empty = tmp_path / "empty"
    live = LiveEngine(Settings(data=empty))
    assert live.status.version is None
    shutil.copytree(data.root, empty)
    live.look()
    assert quotes(live.current) == HOURS


# --- a real server ------------------------------------------------------------------------------------


@contextmanager
def _serving(data: Path, workers: int) -> Iterator[tuple[int, psutil.Process]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from web.serve import main; main()", "--port", str(port)]
    unlimited = {
        "MINSHENG_RATE": "",
        "MINSHENG_WAITING": "20",
        "MINSHENG_STANDING": "20",
        "MINSHENG_LOG": "off",
    }
    place = {"MINSHENG_DATA": str(data), "MINSHENG_WORKERS": str(workers)}
    environment = {**os.environ, **place, **unlimited}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        line = ""
        while "http://" not in line:
            line = server.stderr.readline()
            assert line
        threading.Thread(target=server.stderr.read, daemon=True).start()
        try:
            yield port, psutil.Process(server.pid)
        finally:
            server.terminate()
            server.wait(_PATIENCE)


def _ask(connection: http.client.HTTPConnection) -> tuple[int, str, str]:
    """The status, the words quoted, and the version that answered."""
    connection.request(
        "POST", "/api/v1/ask", json.dumps({"question": QUESTION}), {"Content-Type": "application/json"}
    )
    response = connection.getresponse()
    answer = json.loads(response.read())
    quoted = "".join(citation["quote"] for citation in answer.get("citations", ()))
    return response.status, quoted, str(answer.get("corpus"))


class _Load:
    """Clients that ask without a pause, each on its own connection."""

    def __init__(self, port: int, clients: int = 3) -> None:
        self.answers: list[tuple[int, str, str]] = []
        self.failed: list[str] = []
        self._port = port
        self._ended = threading.Event()
        self._clients = [threading.Thread(target=self._client) for _ in range(clients)]

    def _client(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
        while not self._ended.is_set():
            try:
                self.answers.append(_ask(connection))
                time.sleep(0.002)  # leaves the server's other threads some of this small machine
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.failed.append(repr(error))
                return
        connection.close()

    def __enter__(self) -> _Load:
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for client in self._clients:
            client.join()


@pytest.mark.parametrize("workers", [1, 2])
def test_publishing_under_load_drops_no_request_and_every_answer_is_of_one_version(
    data: DataDirectory, noon: str, workers: int
) -> None:
    nine = current_folder(data).name
    told = {f"sha256:{nine}": HOURS, f"sha256:{noon}": NOON}
    with _serving(data.root, workers) as (port, _), _Load(port) as load:
        _until(lambda: len(load.answers) > 20 or bool(load.failed))
        switch(data, noon, "王某", "改期")
        seen = len(load.answers)
        _until(lambda: _settled(load.answers[seen:], NOON) or bool(load.failed))
    assert load.failed == []
    assert Counter(status for status, _, _ in load.answers).keys() == {200}
    assert all(quoted == told[corpus] for _, quoted, corpus in load.answers)
    assert load.answers[0][1] == HOURS


def _settled(answers: list[tuple[int, str, str]], words: str) -> bool:
    """Whether the last many answers, of every process, are the new one."""
    return len(answers) > 100 and all(quoted == words for _, quoted, _ in answers[-100:])


def test_memory_does_not_grow_with_every_version(data: DataDirectory, noon: str) -> None:
    nine = current_folder(data).name
    sizes = []
    with _serving(data.root, 1) as (port, process):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        for version, words in [(noon, NOON), (nine, HOURS)] * 3:
            switch(data, version, "王某", "又改了")
            while _ask(connection)[1] != words:
                time.sleep(0.2)
            sizes.append(process.memory_info().rss)
        connection.close()
    # Two engines are held while one is loaded; after that, nothing more.
    assert sizes[-1] < 1.15 * max(sizes[1:3]), [size >> 20 for size in sizes]
